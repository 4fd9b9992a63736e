export * from '@twostage/figures/cx';
