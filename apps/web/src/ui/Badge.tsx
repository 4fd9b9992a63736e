export * from '@twostage/figures/Badge.tsx';
