import type { Format } from '../core/format.ts';
import { envelope } from './envelope/index.ts';

/** Every format Trailhouse reads. A new one is a folder and a line here. */
export const formats: readonly Format[] = [envelope];
