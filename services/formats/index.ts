import type { Format } from '../core/format.ts';
import { agentgateway } from './agentgateway/index.ts';
import { claudeAppsGateway } from './claude-apps-gateway/index.ts';
import { claudeCodeHooks } from './claude-code-hooks/index.ts';
import { claudeCodeOtel } from './claude-code-otel/index.ts';
import { claudeCompliance } from './claude-compliance/index.ts';
import { contextforge } from './contextforge/index.ts';
import { envelope } from './envelope/index.ts';
import { envoyAiGateway } from './envoy-ai-gateway/index.ts';
import { kongAi } from './kong-ai/index.ts';
import { litellm } from './litellm/index.ts';
import { litellmSpend } from './litellm/spend/index.ts';
import { mcpJsonrpc } from './mcp-jsonrpc/index.ts';
import { obot } from './obot/index.ts';

/** Every format Trailhouse reads. A new one is a folder and a line here. */
export const formats: readonly Format[] = [
  claudeCodeOtel,
  claudeCodeHooks,
  claudeCompliance,
  litellm,
  litellmSpend,
  kongAi,
  envoyAiGateway,
  obot,
  contextforge,
  agentgateway,
  claudeAppsGateway,
  mcpJsonrpc,
  envelope,
];
