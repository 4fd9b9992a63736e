'use client';
import { CurvesPanel } from './CurvesPanel.tsx';

export const CurvesTab = () => <CurvesPanel height={440} />;
