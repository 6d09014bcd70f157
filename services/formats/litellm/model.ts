import type { Mapped } from '../../core/format.ts';
import type { Reading } from '../reading.ts';

/**
 * `model_group` is the name the caller asked the proxy for, `model` that of the deployment it was sent to, and what
 * answered is the model its response names. Calls without the router have no group; those of MCP tools have `MCP: ` and
 * the tool's name for a model.
 */
export function modelOf(read: Reading): Pick<Mapped, 'model_requested' | 'model_served' | 'provider' | 'region'> {
  const provider = read.text('custom_llm_provider');
  if (read.word('call_type')?.includes('mcp') === true) return { provider };
  const group = read.text('model_group');
  const sent = read.word('model');
  const answered = read.word('response', 'model');
  const served = read.word('status') === 'success' ? (answered ?? sent) : undefined;
  // Where both columns come from elsewhere, `model` stays an attribute.
  if (group === undefined || (answered === undefined && served !== undefined)) read.take('model');
  return {
    model_requested: group ?? sent,
    model_served: served,
    provider,
    region: regionOf(read),
  };
}

/** Vertex AI's location, or the region in an address of AWS. */
function regionOf(read: Reading): string | undefined {
  const stated = read.text('cost_breakdown', 'vertex_location');
  const address = read.word('api_base') ?? read.word('hidden_params', 'api_base') ?? '';
  return stated ?? /\.([a-z]{2}(?:-[a-z]+)+-\d+)\.amazonaws\.com/.exec(address)?.[1];
}
