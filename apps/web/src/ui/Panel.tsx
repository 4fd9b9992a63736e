export * from '@twostage/figures/Panel.tsx';
