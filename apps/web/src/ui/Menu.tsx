'use client';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';

export const Menu = Radix.Root;
export const MenuTrigger = Radix.Trigger;

export function MenuContent({ children, ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        sideOffset={6}
        align="end"
        collisionPadding={8}
        {...rest}
        className="z-50 min-w-44 animate-rise rounded-lg border border-line bg-surface p-1 shadow-raised outline-none"
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}

const item =
  'flex w-full cursor-pointer select-none items-center gap-2 rounded px-2 py-1.5 text-sm outline-none data-[highlighted]:bg-hover data-[disabled]:opacity-50';

export function MenuItem({
  icon,
  children,
  className,
  ...rest
}: ComponentProps<typeof Radix.Item> & { icon?: ReactNode }) {
  return (
    <Radix.Item {...rest} className={cx(item, className)}>
      {icon && <span className="text-faint [&>svg]:size-3.5">{icon}</span>}
      {children}
    </Radix.Item>
  );
}

export function MenuRadioItem({ children, ...rest }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem {...rest} className={item}>
      <span className="flex size-3.5 items-center justify-center">
        <Radix.ItemIndicator>
          <span className="block size-1.5 rounded-full bg-accent" />
        </Radix.ItemIndicator>
      </span>
      {children}
    </Radix.RadioItem>
  );
}
export const MenuRadioGroup = Radix.RadioGroup;
export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2 pt-1.5 pb-1 text-2xs text-faint">{children}</Radix.Label>
);
export const MenuSeparator = () => <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
