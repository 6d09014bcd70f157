/** The configuration cannot be used; the message names file, line and key, and is meant for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
