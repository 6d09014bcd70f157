import { z } from 'zod';
import { isObject } from '../reading.ts';
import { unchanged } from '../whole.ts';

const object = z.looseObject({}, 'is no object').nullish();

/** What is read by shape. Everything else may be missing or of another kind: plugins add to a log and change it. */
const entry = z.looseObject({
  ai: object,
  request: object,
  response: object,
  latencies: object,
  consumer: object,
  authenticated_entity: object,
});

const batch = z.array(entry);

export type Entry = z.output<typeof entry>;

export const message = unchanged<Entry | Entry[]>((candidate) => (Array.isArray(candidate) ? batch : entry));

/** What Kong's serializer always writes of an HTTP request (kong/pdk/log.lua). */
const KONG = ['request', 'response', 'latencies', 'started_at'];

/** Names that Kong's AI plugins log under, beside those of single plugins (`ai-proxy`, `ai-llm-as-judge`). */
const PLUGIN = /^(proxy|mcp|sanitizer|compressor|audit|payload|ai-[\w-]+)$/;

/** A log entry of Kong, or the `ai` section of one alone. */
export function isEntry(candidate: unknown): boolean {
  if (!isObject(candidate) || Object.hasOwn(candidate, 'trailhouse')) return false;
  if (KONG.every((name) => Object.hasOwn(candidate, name))) return true;
  return isObject(candidate.ai) && Object.keys(candidate.ai).some((name) => PLUGIN.test(name));
}
