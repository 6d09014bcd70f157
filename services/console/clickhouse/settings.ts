import type { Failure } from './counter.ts';
import { failed } from './failures.ts';

/** Parameters of the HTTP interface that are no settings. */
export const INTERFACE = new Set([
  ...['query', 'database', 'default_format', 'query_id', 'user', 'password', 'compress', 'decompress', 'quota_key'],
  ...[
    'client_protocol_version',
    'network_compression_method',
    'session_id',
    'session_timeout',
    'session_check',
    'role',
  ],
]);

/** Taken and left aside: how the server works, writes to the network and to its logs is not the asker's here. */
const ASIDE = new Set([
  ...[
    'max_threads',
    'max_block_size',
    'preferred_block_size_bytes',
    'priority',
    'async_insert',
    'wait_for_async_insert',
  ],
  ...['input_format_binary_read_json_as_string', 'output_format_binary_write_json_as_string'],
  ...['wait_end_of_query', 'buffer_size', 'http_response_buffer_size', 'enable_http_compression', 'readonly'],
  ...['send_progress_in_http_headers', 'http_headers_progress_interval_ms', 'http_zlib_compression_level'],
  ...['network_zstd_compression_level', 'cancel_http_readonly_queries_on_client_close', 'log_queries', 'log_comment'],
  ...['http_write_exception_in_output_format', 'add_http_cors_header', 'output_format_enable_streaming'],
  ...['http_receive_timeout', 'http_send_timeout', 'receive_timeout', 'send_timeout', 'connect_timeout'],
]);

/** The least of what is asked for and what is allowed; 0 asks for no limit. */
const LIMITS = new Set([
  ...['max_execution_time', 'max_memory_usage', 'max_result_rows', 'max_result_bytes', 'max_rows_to_read'],
  ...['max_bytes_to_read', 'max_estimated_execution_time'],
]);

/** How values are written and what a join or a group gives for what is not there. None reads, writes or calls anything. */
const FREE = new Set([
  ...['limit', 'offset', 'result_overflow_mode', 'session_timezone', 'join_use_nulls', 'group_by_use_nulls'],
  ...[
    'aggregate_functions_null_for_empty',
    'union_default_mode',
    'date_time_output_format',
    'bool_true_representation',
  ],
  ...['bool_false_representation', 'format_csv_delimiter', 'format_csv_null_representation'],
  ...[
    'format_tsv_null_representation',
    'output_format_decimal_trailing_zeros',
    'output_format_json_quote_64bit_integers',
  ],
  ...[
    'output_format_json_quote_64bit_floats',
    'output_format_json_quote_denormals',
    'output_format_json_quote_decimals',
  ],
  ...['output_format_json_escape_forward_slashes', 'output_format_json_named_tuples_as_objects'],
  ...['output_format_json_map_as_array_of_tuples', 'output_format_csv_crlf_end_of_line'],
  ...['output_format_tsv_crlf_end_of_line', 'output_format_pretty_max_rows', 'output_format_pretty_color'],
  ...['output_format_pretty_max_value_width', 'output_format_pretty_row_numbers'],
  ...['output_format_arrow_compression_method', 'output_format_arrow_low_cardinality_as_dictionary'],
  ...['output_format_parquet_compression_method', 'output_format_parquet_string_as_string'],
  ...['output_format_arrow_string_as_string'],
]);

const VALUE = /^[\w.,:;|'"+/ \\-]{0,64}$/;
const NUMBER = /^\d{1,15}(?:\.\d{1,6})?$/;

type Settings = Readonly<Record<string, string | number>>;

/**
 * Settings of a request, those of them that are handed on. Whatever is not named here is refused as ClickHouse refuses it to a
 * reader: a setting could name a file to write, or filter what a view shows.
 */
export function readSettings(
  query: Readonly<Record<string, string>>,
  most: Settings,
): { readonly kind: 'read'; readonly settings: Settings } | Failure {
  const settings: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(query)) {
    if (INTERFACE.has(name) || ASIDE.has(name) || name.startsWith('param_')) continue;
    if (LIMITS.has(name)) {
      if (!NUMBER.test(value)) return failed('BAD_ARGUMENTS', `${name} is a number`);
      const limit = narrower(Number(value), most[name]);
      if (limit !== undefined) settings[name] = limit;
    } else if (!FREE.has(name)) {
      const shown = /^\w{1,80}$/.test(name) ? `'${name}'` : `of ${name.length} characters`;
      return failed('READONLY', `Cannot modify ${shown} setting in readonly mode`);
    } else if (!VALUE.test(value)) {
      return failed('BAD_ARGUMENTS', `${name} holds what no value of it needs`);
    } else settings[name] = value;
  }
  return { kind: 'read', settings };
}

function narrower(asked: number, most: string | number | undefined): number | undefined {
  if (asked === 0) return undefined;
  return typeof most === 'number' ? Math.min(asked, most) : asked;
}
