/**
 * Output formats of ClickHouse that are text. Binary ones do not survive an answer that travels as text; Template and its
 * kin read files, Protobuf and its kin write schemas, and the wire formats are other servers' replies.
 */
const TEXT =
  /^(?:(?:TSV|TabSeparated)(?:Raw)?(?:WithNames(?:AndTypes)?)?|CSV(?:WithNames(?:AndTypes)?)?|JSON\w{0,60}|Pretty\w{0,60}|Vertical|Values|Markdown|XML|TSKV|LineAsString|Null)$/;

/** As ClickHouse spells it. */
export const isTextFormat = (name: string): boolean => TEXT.test(name);
