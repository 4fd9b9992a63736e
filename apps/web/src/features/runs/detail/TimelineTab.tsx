'use client';
import { TimelinePanel } from './TimelinePanel.tsx';

export const TimelineTab = () => <TimelinePanel />;
