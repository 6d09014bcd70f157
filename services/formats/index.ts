import type { Format } from '../core/format.ts';
import { claudeCodeOtel } from './claude-code-otel/index.ts';
import { claudeCompliance } from './claude-compliance/index.ts';
import { contextforge } from './contextforge/index.ts';
import { envelope } from './envelope/index.ts';
import { litellm } from './litellm/index.ts';
import { obot } from './obot/index.ts';

/** Every format Trailhouse reads. A new one is a folder and a line here. */
export const formats: readonly Format[] = [claudeCodeOtel, claudeCompliance, litellm, obot, contextforge, envelope];
