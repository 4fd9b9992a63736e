'use client';
import { Check, Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { Button, type ButtonProps, IconButton } from './Button.tsx';

/** Puts text on the clipboard; where the page may not (plain http on another host), through a hidden text area. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (!copied) throw new Error('the browser refused to copy');
}

/** Copies `text` (or what `text()` gives at that moment) and says so. */
export function CopyButton({
  text,
  label,
  said,
  children,
  icon,
  ...rest
}: Omit<ButtonProps, 'onClick'> & {
  text: string | (() => string);
  label: string;
  said?: string;
  children?: ReactNode;
}) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    try {
      await copyText(typeof text === 'function' ? text() : text);
      setDone(true);
      toast.success(said ?? 'Copied');
    } catch (error) {
      toast.error(`Could not copy: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const shown = done ? (
    <Check aria-hidden className="size-3.5 text-good" />
  ) : (
    (icon ?? <Copy aria-hidden className="size-3.5" />)
  );
  if (children === undefined) return <IconButton {...rest} label={label} icon={shown} onClick={copy} />;
  return (
    <Button {...rest} icon={shown} onClick={copy} title={label}>
      {children}
    </Button>
  );
}
