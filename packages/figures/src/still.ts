'use client';
import { createContext, useContext } from 'react';

/**
 * Of pictures that no browser lays out, for a document: the width they are drawn for, CSS pixels; they shrink to the room there
 * is. null: pictures that answer the pointer.
 */
export const StillWidth = createContext<number | null>(null);

/** Whether a picture stays as it is drawn: there is nothing to point at it with. */
export const useStill = (): boolean => useContext(StillWidth) !== null;

/** Of an svg drawn for a width: its own size, or of a still picture what it shrinks to; letters must stay legible. */
export const drawnSize = (still: boolean, width: number, height: number) =>
  still
    ? {
        viewBox: `0 0 ${width} ${height}`,
        style: { width: '100%', minWidth: width > 600 ? 720 : 320, maxWidth: 1.13 * width },
      }
    : { width, height };
