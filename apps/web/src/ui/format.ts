export * from '@twostage/figures/format';
