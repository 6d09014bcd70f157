import type { Framework } from './control.ts';
import { euAiAct } from './eu-ai-act.ts';
import { gdpr } from './gdpr.ts';
import { hipaa } from './hipaa.ts';
import { iso27001 } from './iso27001.ts';
import { itar } from './itar.ts';
import { pci } from './pci.ts';
import { soc2 } from './soc2.ts';

/** Frameworks a bundle can be built for. */
export const frameworks: readonly Framework[] = [soc2, hipaa, gdpr, itar, iso27001, pci, euAiAct];
