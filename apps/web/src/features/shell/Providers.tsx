'use client';
import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';
import { Toaster } from 'sonner';
import { TRPCReactProvider } from '../../trpc/client.tsx';
import { TooltipProvider } from '../../ui/Tooltip.tsx';

/** What every page needs around it. `nonce` lets the theme's first script pass the content policy. */
export function Providers({ children, nonce }: { children: ReactNode; nonce?: string }) {
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
      <TRPCReactProvider>
        <TooltipProvider>{children}</TooltipProvider>
      </TRPCReactProvider>
      <Toasts />
    </ThemeProvider>
  );
}

const Toasts = () => (
  <Toaster
    position="bottom-right"
    theme="system"
    gap={8}
    toastOptions={{
      unstyled: true,
      classNames: {
        toast:
          'flex w-full items-start gap-2 rounded-lg border border-line bg-surface p-3 text-sm text-ink shadow-raised',
        title: 'font-medium',
        description: 'text-muted text-xs',
        actionButton:
          'ml-auto shrink-0 rounded border border-line-strong px-2 py-0.5 text-xs font-medium hover:bg-hover',
        success: '[&_svg]:text-good',
        error: '[&_svg]:text-bad',
      },
    }}
  />
);
