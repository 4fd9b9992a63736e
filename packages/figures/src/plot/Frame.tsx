'use client';
import type { KeyboardEvent, PointerEvent, ReactNode, RefObject } from 'react';
import { drawnSize, useStill } from '../still.ts';

/** The place of a picture, which holds its height before it is laid out, and its svg, whose cursor the pointer and the keys move. */
export function Frame({
  frame,
  width,
  height,
  label,
  help,
  reads,
  onPointer,
  onKey,
  onLeave,
  children,
}: {
  /** Of `useWidth`, with its width. */
  frame: RefObject<HTMLDivElement | null>;
  width: number;
  /** CSS pixels. */
  height: number;
  /** What the picture shows, for those who don't see it. */
  label: string;
  /** The id of what is read at the cursor. */
  help?: string;
  /** Whether there is something to move the cursor over. */
  reads: boolean;
  onPointer: (event: PointerEvent<SVGSVGElement>) => void;
  onKey: (event: KeyboardEvent) => void;
  onLeave: () => void;
  children: ReactNode;
}) {
  const still = useStill();
  return (
    <div
      ref={frame}
      className={still ? 'min-w-0 overflow-x-auto' : 'min-w-0 overflow-hidden'}
      style={still ? undefined : { minHeight: height }}
    >
      {width > 0 && (
        <svg
          role="img"
          aria-label={label}
          aria-describedby={help}
          tabIndex={reads ? 0 : undefined}
          {...drawnSize(still, width, height)}
          onPointerMove={onPointer}
          onPointerDown={onPointer}
          onPointerLeave={onLeave}
          onBlur={onLeave}
          onKeyDown={onKey}
          className="block touch-pan-y text-2xs focus-visible:outline-offset-[-2px]"
        >
          {children}
        </svg>
      )}
    </div>
  );
}
