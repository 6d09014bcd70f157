/**
 * Functions a question may call, by ClickHouse's names. Each is a pure function of its arguments or of the rows, or reads the
 * clock. None reads files, addresses, dictionaries, other tables, settings or the state of the server, runs a model,
 * decrypts, sleeps or fails on purpose. What is not here is refused; names are compared without case.
 */
const AGGREGATES = words(`
  any any_value anyHeavy anyLast argMax argMin avg avgWeighted corr count covarPop covarSamp deltaSum entropy
  exponentialMovingAverage first_value groupArray groupArrayInsertAt groupArrayIntersect groupArrayLast groupArraySample
  groupArraySorted groupArrayMovingAvg groupArrayMovingSum groupBitAnd groupBitOr groupBitXor groupConcat group_concat
  groupUniqArray intervalLengthSum kurtPop kurtSamp last_value max maxIntersections max_by median medianExact
  medianTDigest min min_by quantile quantileExact quantileExactHigh quantileExactLow quantileExactWeighted
  quantileInterpolatedWeighted quantileTDigest quantileTiming quantiles quantilesExact quantilesTDigest quantilesTiming
  retention sequenceCount sequenceMatch simpleLinearRegression singleValueOrNull skewPop skewSamp sparkbar std stddev
  stddev_pop stddev_samp stddevPop stddevSamp string_agg array_agg sum sumCount sumKahan sumWithOverflow topK
  topKWeighted approx_top_k approx_top_sum uniq uniqCombined uniqCombined64 uniqExact uniqHLL12 uniqUpTo var_pop
  var_samp varPop varSamp windowFunnel histogram`);

const WINDOW = words(`
  cume_dist dense_rank denseRank lag lagInFrame lead leadInFrame nth_value ntile percent_rank percentRank rank
  row_number nonNegativeDerivative`);

const CONDITIONAL = words(`
  coalesce greatest if ifNull ifNotFinite isDistinctFrom isNotDistinctFrom isFinite isInfinite isNaN isNotNull isNull
  isNullable isZeroOrNull assumeNotNull least multiIf nullIf toNullable transform firstNonDefault clamp equals notEquals
  less greater lessOrEquals greaterOrEquals and or not xor caseWithExpression caseWithoutExpression`);

const TEXT = words(`
  appendTrailingCharIfAbsent ascii base32Decode base32Encode base58Decode base58Encode base64Decode base64Encode
  base64URLDecode base64URLEncode tryBase64Decode basename char char_length character_length compareSubstrings concat
  concat_ws concatWithSeparator countMatches countMatchesCaseInsensitive countSubstrings
  countSubstringsCaseInsensitive damerauLevenshteinDistance decodeHTMLComponent decodeXMLComponent editDistance empty
  encodeXMLComponent endsWith endsWithUTF8 extract extractAll extractAllGroupsHorizontal extractAllGroupsVertical
  extractGroups extractKeyValuePairs extractTextFromHTML firstLine formatReadableDecimalSize formatReadableQuantity
  formatReadableSize formatReadableTimeDelta hasSubsequence hasSubsequenceCaseInsensitive hasToken
  hasTokenCaseInsensitive hex unhex bin unbin ilike notILike initcap initcapUTF8 instr isValidUTF8 isValidASCII isASCII
  jaroSimilarity jaroWinklerSimilarity lcase left leftPad leftPadUTF8 leftUTF8 length lengthUTF8 levenshteinDistance
  like notLike locate lower lowerUTF8 lpad ltrim match mid multiMatchAny multiMatchAnyIndex multiMatchAllIndices
  multiSearchAllPositions multiSearchAny multiSearchAnyCaseInsensitive multiSearchFirstIndex
  multiSearchFirstPosition ngramDistance ngramSearch ngrams normalizeQuery normalizeUTF8NFC normalizeUTF8NFKC notEmpty
  normalizedQueryHash octet_length overlay overlayUTF8 position positionCaseInsensitive positionCaseInsensitiveUTF8
  positionUTF8 printf regexpExtract regexp_extract regexpQuoteMeta repeat replace replaceAll replaceOne
  replaceRegexpAll replaceRegexpOne regexp_replace reverse reverseUTF8 right rightPad rightPadUTF8 rightUTF8 rpad rtrim
  soundex space splitByAlpha splitByChar splitByNonAlpha splitByRegexp splitByString splitByWhitespace startsWith
  startsWithUTF8 stringJaccardIndex substr substring substringIndex substring_index substringUTF8 tokens toValidUTF8
  translate translateUTF8 trim trimBoth trimLeft trimRight ucase upper upperUTF8 alphaTokens arrayStringConcat
  caseFoldUTF8 stringBytesEntropy visibleWidth`);

const TIMES = words(`
  addDate addDays addHours addInterval addMicroseconds addMilliseconds addMinutes addMonths addQuarters addSeconds
  addWeeks addYears age changeDay changeHour changeMinute changeMonth changeSecond changeYear curdate current_date
  current_timestamp date date_add date_diff date_format date_sub date_trunc dateAdd dateDiff dateName dateSub
  dateTrunc day dayOfMonth dayOfWeek dayOfYear formatDateTime formatDateTimeInJodaSyntax from_unixtime
  fromUnixTimestamp fromUnixTimestamp64Micro fromUnixTimestamp64Milli fromUnixTimestamp64Nano
  fromUnixTimestamp64Second fromUTCTimestamp hour last_day makeDate makeDate32 makeDateTime makeDateTime64
  microsecond millisecond minute month monthName now now64 parseDateTime parseDateTime64 parseDateTime64BestEffort
  parseDateTime64BestEffortOrNull parseDateTimeBestEffort parseDateTimeBestEffortOrNull
  parseDateTimeBestEffortOrZero parseDateTimeOrNull parseTimeDelta quarter second str_to_date subDate
  subtractDays subtractHours subtractInterval subtractMinutes subtractMonths subtractSeconds subtractWeeks
  subtractYears subtractMilliseconds subtractMicroseconds subtractQuarters time_bucket timeDiff timeSlot timeSlots
  timestamp timestamp_add timestamp_diff timestamp_sub timestampDiff timeZoneOf timeZoneOffset toDayOfMonth
  toDayOfWeek toDayOfYear toDaysInMonth toHour toISOWeek toISOYear toLastDayOfMonth toLastDayOfWeek toMicrosecond
  toMillisecond toMinute toMonday toMonth toMonthNumSinceEpoch toNanosecond toQuarter toRelativeDayNum
  toRelativeHourNum toRelativeMinuteNum toRelativeMonthNum toRelativeSecondNum toRelativeWeekNum
  toRelativeYearNum toSecond toStartOfDay toStartOfFifteenMinutes toStartOfFiveMinutes toStartOfHour
  toStartOfInterval toStartOfISOYear toStartOfMinute toStartOfMonth toStartOfQuarter toStartOfSecond
  toStartOfTenMinutes toStartOfWeek toStartOfYear toStartOfMicrosecond toStartOfMillisecond toTime toTimeZone
  toUnixTimestamp toUnixTimestamp64Micro toUnixTimestamp64Milli toUnixTimestamp64Nano toUnixTimestamp64Second
  toUTCTimestamp toWeek toYear toYearWeek toYYYYMM toYYYYMMDD toYYYYMMDDhhmmss today tumble tumbleEnd tumbleStart hop
  hopEnd hopStart UTCTimestamp week year yearweek yesterday to_days from_days YYYYMMDDToDate date_bin`);

const NUMBERS = words(`
  abs acos asin atan atan2 bitAnd bitCount bitHammingDistance bitNot bitOr bitRotateLeft bitRotateRight bitShiftLeft
  bitShiftRight bitTest bitXor byteSize cbrt ceil ceiling cos degrees divide e exp exp10 exp2 factorial floor gcd intDiv
  intDivOrZero lcm ln log log10 log1p log2 max2 min2 minus mod modulo moduloOrZero multiply negate pi plus positiveModulo
  pow power radians round roundAge roundBankers roundDown roundDuration roundToExp2 sigmoid sign sin sqrt tan tanh
  trunc truncate widthBucket width_bucket bar`);

const COLLECTIONS = words(`
  array arrayAll arrayAvg arrayCompact arrayConcat arrayCount arrayCumSum arrayDifference arrayDistinct
  arrayDotProduct arrayElement arrayElementOrNull arrayEnumerate arrayEnumerateDense arrayEnumerateUniq arrayExcept
  arrayExists arrayFill arrayFilter arrayFirst arrayFirstIndex arrayFirstOrNull arrayFlatten arrayFold
  arrayIntersect arrayJaccardIndex arrayJoin arrayLast arrayLastIndex arrayLastOrNull arrayMap arrayMax arrayMin
  arrayPopBack arrayPopFront arrayProduct arrayPushBack arrayPushFront arrayRemove arrayResize
  arrayReverse arrayReverseSort arrayShingles arraySlice arraySort arraySplit arraySum arraySymmetricDifference
  arrayUnion arrayUniq arrayZip arrayZipUnaligned countEqual flatten has hasAll hasAny hasSubstr indexOf range
  emptyArrayToSingle map mapAdd mapAll mapApply mapConcat mapContains mapContainsKey mapContainsKeyLike
  mapContainsValue mapContainsValueLike mapExists mapExtractKeyLike mapExtractValueLike mapFilter mapFromArrays
  mapKeys mapSort mapReverseSort mapSubtract mapUpdate mapValues tuple tupleConcat tupleElement tupleNames
  tupleToNameValuePairs untuple flattenTuple`);

const JSON_READERS = words(`
  isValidJSON JSONArrayLength JSON_ARRAY_LENGTH JSON_EXISTS JSON_QUERY JSON_VALUE JSONExtract JSONExtractArrayRaw
  JSONExtractBool JSONExtractFloat JSONExtractInt JSONExtractKeys JSONExtractKeysAndValues
  JSONExtractKeysAndValuesRaw JSONExtractRaw JSONExtractString JSONExtractUInt JSONHas JSONKey JSONLength JSONType
  JSONMergePatch prettyPrintJSON simpleJSONExtractBool simpleJSONExtractFloat simpleJSONExtractInt
  simpleJSONExtractRaw simpleJSONExtractString simpleJSONExtractUInt simpleJSONHas toJSONString`);

const CONVERSIONS = words(`
  accurateCast accurateCastOrDefault accurateCastOrNull CAST parseReadableSize parseReadableSizeOrNull toBool toDate
  toDate32 toDate32OrNull toDate32OrZero toDateOrDefault toDateOrNull toDateOrZero toDateTime toDateTime64
  toDateTime64OrDefault toDateTime64OrNull toDateTime64OrZero toDateTimeOrDefault toDateTimeOrNull toDateTimeOrZero
  toDecimal32 toDecimal64 toDecimal128 toDecimal64OrNull toDecimal64OrZero toDecimalString toFixedString toFloat32
  toFloat32OrNull toFloat32OrZero toFloat64 toFloat64OrDefault toFloat64OrNull toFloat64OrZero toInt8 toInt16 toInt32
  toInt64 toInt128 toInt256 toInt8OrNull toInt16OrNull toInt32OrDefault toInt32OrNull toInt32OrZero toInt64OrDefault
  toInt64OrNull toInt64OrZero toInterval toIntervalDay toIntervalHour toIntervalMicrosecond toIntervalMillisecond
  toIntervalMinute toIntervalMonth toIntervalNanosecond toIntervalQuarter toIntervalSecond toIntervalWeek
  toIntervalYear toLowCardinality toString toStringCutToZero toTypeName toUInt8 toUInt16 toUInt32 toUInt64 toUInt128
  toUInt256 toUInt8OrNull toUInt16OrNull toUInt32OrDefault toUInt32OrNull toUInt32OrZero toUInt64OrDefault
  toUInt64OrNull toUInt64OrZero toUUID toUUIDOrDefault toUUIDOrNull toUUIDOrZero`);

const NAMES_AND_ADDRESSES = words(`
  cutFragment cutQueryString cutQueryStringAndFragment cutToFirstSignificantSubdomain cutURLParameter cutWWW
  decodeURLComponent decodeURLFormComponent domain domainRFC domainWithoutWWW encodeURLComponent
  encodeURLFormComponent extractURLParameter extractURLParameterNames extractURLParameters firstSignificantSubdomain
  fragment netloc path pathFull port protocol queryString queryStringAndFragment topLevelDomain URLHierarchy
  URLPathHierarchy cutIPv6 IPv4CIDRToRange IPv4NumToString IPv4NumToStringClassC IPv4StringToNum
  IPv4StringToNumOrNull IPv4ToIPv6 IPv6CIDRToRange IPv6NumToString IPv6StringToNum IPv6StringToNumOrNull
  isIPAddressInRange isIPv4String isIPv6String toIPv4 toIPv4OrDefault toIPv4OrNull toIPv6 toIPv6OrDefault
  toIPv6OrNull UUIDNumToString UUIDStringToNum UUIDToNum UUIDv7ToDateTime`);

const HASHES = words(`
  cityHash64 CRC32 CRC64 farmHash64 halfMD5 intHash32 intHash64 MD5 murmurHash2_64 murmurHash3_64
  murmurHash3_128 SHA1 SHA224 SHA256 SHA384 SHA512 sipHash64 sipHash128 xxHash32 xxHash64 xxh3`);

const FUNCTIONS: ReadonlySet<string> = new Set(
  [
    ...AGGREGATES,
    ...WINDOW,
    ...CONDITIONAL,
    ...TEXT,
    ...TIMES,
    ...NUMBERS,
    ...COLLECTIONS,
    ...JSON_READERS,
    ...CONVERSIONS,
    ...NAMES_AND_ADDRESSES,
    ...HASHES,
  ].map((name) => name.toLowerCase()),
);

const AGGREGATE_NAMES: ReadonlySet<string> = new Set(AGGREGATES.map((name) => name.toLowerCase()));

/** Combinators that change which rows an aggregate sees or what it gives for none; `-State` and `-Merge` are left out. */
const COMBINATOR = /(?:if|distinct|ornull|ordefault|array|foreach|map|argmin|argmax)$/;

/** Whether a question may call it: a listed function, or a listed aggregate with combinators (`sumIf`, `uniqExactIf`). */
export function isListed(name: string): boolean {
  const plain = name.toLowerCase();
  return FUNCTIONS.has(plain) || isAggregate(plain);
}

function isAggregate(name: string): boolean {
  if (AGGREGATE_NAMES.has(name)) return true;
  const base = name.replace(COMBINATOR, '');
  return base !== name && isAggregate(base);
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
