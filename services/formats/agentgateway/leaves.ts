import type { Leaves } from '../../core/leaves.ts';

/** Keys have dots in them: each is one step. */
const names = (rows: readonly string[]): readonly string[] =>
  rows.flatMap((row) => row.split(' ')).map((name) => `[${name}]`);

/**
 * Fields that a column took are left out before. Configured fields may hold anything, prompts included: whatever is not
 * named here is content.
 */
export const leaves: Leaves = {
  columns: [],
  safe: names([
    'time level scope gateway listener route route_rule endpoint connection.id protocol http.method http.version',
    'http.status grpc.status trace.id span.id duration retry.attempt inferencepool.selected_endpoint',
    'mcp.resource.type mcp.error.code a2a.method a2a.response.outcome a2a.response.error_code a2a.result.kind',
    'a2a.task.state gen_ai.operation.name gen_ai.request.temperature',
    'gen_ai.request.top_p gen_ai.request.max_tokens gen_ai.request.frequency_penalty gen_ai.request.presence_penalty',
    'gen_ai.request.seed gen_ai.embeddings.dimension.count gen_ai.usage.input_tokens gen_ai.usage.output_tokens',
    'gen_ai.usage.cache_creation.input_tokens gen_ai.usage.cache_read.input_tokens gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.output_image_tokens gen_ai.usage.input_audio_tokens gen_ai.usage.output_audio_tokens',
    'llm.request.tokens llm.response.tokens agw.ai.time_to_first_token agw.ai.time_per_output_token',
    'agw.ai.usage.cost.total agw.ai.usage.cost.input agw.ai.usage.cost.output agw.ai.usage.cost.cache_read',
    'agw.ai.usage.cost.cache_write agw.ai.usage.cost.reasoning agw.ai.usage.cost.input_audio',
    'agw.ai.usage.cost.output_audio',
  ]),
  personal: names(['src.addr src.identity jwt.sub http.host http.path tls.sni']),
};
