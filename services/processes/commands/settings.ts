import { type Config, readConfig } from '../config.ts';
import { asDemo } from '../demo/site.ts';
import type { Globals } from './globals.ts';

/** The configuration a command is told; without one the demo's, where that was started once. */
export async function settings({ config: file }: Globals): Promise<Config> {
  const config = readConfig(file, process.env);
  return file === undefined ? asDemo(config) : config;
}
