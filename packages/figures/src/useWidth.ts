'use client';
import { type RefObject, useContext, useLayoutEffect, useRef, useState } from 'react';
import { StillWidth } from './still.ts';

/** The width of an element as it is laid out, in CSS pixels; 0 until it is. In a document, the width it is drawn for. */
export function useWidth<T extends HTMLElement>(): [RefObject<T | null>, number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(useContext(StillWidth) ?? 0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
