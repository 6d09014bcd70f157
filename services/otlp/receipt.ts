import { fromBinary } from '@bufbuild/protobuf';
import { ExportLogsServiceResponseSchema } from './generated/logs_pb.ts';
import { Trail } from './trail.ts';
import { inspect } from './wire.ts';

/**
 * How many records a receiver turned down, out of its answer in the binary encoding; undefined for bytes that are no
 * such answer: those with a field it does not have are somebody else's.
 */
export function rejectedOfProto(bytes: Uint8Array): number | undefined {
  const trail = new Trail();
  inspect(bytes, ExportLogsServiceResponseSchema, trail);
  if (trail.fault !== undefined) return undefined;
  const { partialSuccess } = fromBinary(ExportLogsServiceResponseSchema, bytes);
  const rejected = Number(partialSuccess?.rejectedLogRecords ?? 0);
  return rejected < 0 ? undefined : rejected;
}
