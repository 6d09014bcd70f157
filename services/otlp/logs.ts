/** An attribute's value as JavaScript has it. A 64-bit integer past 2^53 is its decimal string; bytes are base64. */
export type Value = null | boolean | number | string | readonly Value[] | Attributes;

export interface Attributes {
  readonly [key: string]: Value;
}

/** What fields that the protocol's version here does not know held, by where they stood (`logRecord.futureField`). */
export type Unknown = Readonly<Record<string, unknown>>;

/** An entity that a resource describes, by the keys of its attributes. */
export interface EntityRef {
  readonly schema_url?: string | undefined;
  readonly type?: string | undefined;
  readonly id_keys?: readonly string[] | undefined;
  readonly description_keys?: readonly string[] | undefined;
}

/** What produced the records. */
export interface Resource {
  readonly attributes: Attributes;
  readonly dropped_attributes_count?: number | undefined;
  readonly entity_refs?: readonly EntityRef[] | undefined;
  readonly schema_url?: string | undefined;
}

/** The instrumentation that wrote the records. */
export interface Scope {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly attributes: Attributes;
  readonly dropped_attributes_count?: number | undefined;
  readonly schema_url?: string | undefined;
}

/**
 * One log record with everything said about it: its resource and scope are repeated from record to record (and shared
 * in memory). What holds its protobuf default (0, '', no bytes, an id of zeroes) is left out: it means "not set".
 */
export interface LogRecord {
  readonly resource: Resource;
  readonly scope: Scope;
  /** Nanoseconds since 1970, decimal. */
  readonly time_unix_nano?: string | undefined;
  /** When a collector first saw the record; as above. */
  readonly observed_time_unix_nano?: string | undefined;
  /** 1 (trace) to 24 (fatal). */
  readonly severity_number?: number | undefined;
  readonly severity_text?: string | undefined;
  readonly body?: Value | undefined;
  readonly attributes: Attributes;
  readonly dropped_attributes_count?: number | undefined;
  /** The low eight bits are W3C trace flags. */
  readonly flags?: number | undefined;
  /** 32 lower-case hex digits. */
  readonly trace_id?: string | undefined;
  /** 16 lower-case hex digits. */
  readonly span_id?: string | undefined;
  readonly event_name?: string | undefined;
  readonly unknown?: Unknown | undefined;
}

/** A message of OTLP's logs signal (ExportLogsServiceRequest or LogsData: the same bytes), record by record, in order. */
export interface Logs {
  readonly records: readonly LogRecord[];
}

/** Why a message is none, and where: `resourceLogs.0.scopeLogs.0.logRecords.3.attributes.prompt: holds a NUL`. */
export interface Malformed {
  readonly error: string;
}
