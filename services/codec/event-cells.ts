import type { Guardrail } from '../core/records.generated.ts';
import { Datum } from './datum.ts';
import { COLUMN_KINDS, type ColumnKind } from './event-columns.ts';
import { guardrailsOf, listOf, mapOf, passGuardrails } from './event-parts.ts';
import { Words } from './words.ts';

/** What a reader is shown of a text of the personal part; undefined where it is shown nothing, not even that there is one. */
export type Show = (text: string) => string | undefined;

const KINDS: readonly ColumnKind[] = Object.values(COLUMN_KINDS);
const SALT_BYTES = 16;
const COMMITMENT_BYTES = 32;

/**
 * Where the columns of a datum lie. One pass finds them all and whether the bytes are an event; a value is made when it is asked
 * for. One for all events of a reader, each until the next is read.
 */
export class Cells {
  readonly #datum = new Datum();
  readonly #words = new Words((text) => text);
  readonly #shown: Words;
  /** Nothing of the personal part is shown, not even that there is something. */
  readonly #hides: boolean;
  /** Texts of the personal part are shown as they are, so that their bytes may be copied. */
  readonly isClear: boolean;
  readonly #starts = new Int32Array(KINDS.length);
  /** Bytes of a text or fixed, items of a list or map; 0 for none, for null, and for what is not shown. */
  readonly #sizes = new Int32Array(KINDS.length);
  readonly #numbers = new Float64Array(KINDS.length);

  constructor(show: Show, isClear: boolean) {
    this.#hides = show('') === undefined;
    this.#shown = new Words((text) => show(text) ?? '');
    this.isClear = isClear;
  }

  /** @throws RangeError naming the place when the bytes are no event. */
  find(bytes: Uint8Array): void {
    const datum = this.#datum;
    datum.begin(bytes);
    for (let column = 0; column < KINDS.length; column++) this.#pass(datum, column);
    datum.end();
  }

  #pass(datum: Datum, column: number): void {
    switch (KINDS[column]) {
      case 'text': {
        const size = datum.passText();
        this.#sizes[column] = size;
        this.#starts[column] = datum.at - size;
        return;
      }
      case 'personal_text': {
        const size = datum.passText();
        this.#sizes[column] = this.#hides ? 0 : size;
        this.#starts[column] = datum.at - size;
        return;
      }
      case 'integer':
        this.#numbers[column] = datum.long();
        return;
      case 'maybe_integer': {
        const isGiven = datum.isGiven();
        this.#sizes[column] = isGiven ? 1 : 0;
        if (isGiven) this.#numbers[column] = datum.long();
        return;
      }
      default:
        this.#passRare(datum, column);
    }
  }

  #passRare(datum: Datum, column: number): void {
    const kind = KINDS[column];
    if (kind === 'maybe_double' || kind === 'maybe_fixed') {
      const isGiven = datum.isGiven();
      this.#sizes[column] = isGiven ? COMMITMENT_BYTES : 0;
      this.#starts[column] = datum.at;
      if (isGiven && kind === 'maybe_double') this.#numbers[column] = datum.double();
      else if (isGiven) datum.skip(COMMITMENT_BYTES);
    } else if (kind === 'salt') datum.skip(SALT_BYTES);
    else {
      this.#starts[column] = datum.at;
      const items = kind === 'guardrails' ? passGuardrails(datum) : datum.passTexts(isMap(kind) ? 2 : 1);
      this.#sizes[column] = this.#hides && isPersonal(kind) ? 0 : items;
    }
  }

  /** The memory that `start` and `size` speak of. */
  get memory(): Buffer {
    return this.#datum.memory;
  }

  start(column: number): number {
    return this.#starts[column] ?? 0;
  }

  size(column: number): number {
    return this.#sizes[column] ?? 0;
  }

  isText(column: number): boolean {
    const kind = KINDS[column];
    return kind === 'text' || kind === 'personal_text';
  }

  /** Whether a text is shown as it is, so that its bytes may be copied. */
  isCopied(column: number): boolean {
    return KINDS[column] === 'text' || (this.isClear && KINDS[column] === 'personal_text');
  }

  integer(column: number): number {
    return this.#numbers[column] ?? 0;
  }

  /** A whole number, which may be none. */
  count(column: number): number | null {
    return KINDS[column] === 'integer' ? this.integer(column) : this.maybe(column);
  }

  maybe(column: number): number | null {
    return this.size(column) === 0 ? null : this.integer(column);
  }

  text(column: number): string {
    const [start, size] = [this.start(column), this.size(column)];
    return size === 0 ? '' : this.memory.toString('utf8', start, start + size);
  }

  /** A text that is likely to have been met before. */
  word(column: number): string {
    return this.at(column).wordOf(this.#words, this.size(column));
  }

  /** A text of the personal part as it is shown, another one as it is. */
  said(column: number): string {
    const words = KINDS[column] === 'personal_text' ? this.#shown : this.#words;
    return this.at(column).wordOf(words, this.size(column));
  }

  list(column: number): readonly string[] {
    return listOf(this.at(column), this.#words);
  }

  saidList(column: number): readonly string[] {
    return this.#hides ? [] : listOf(this.at(column), this.#shown);
  }

  map(column: number): Readonly<Record<string, string>> {
    return mapOf(this.at(column), this.#words, this.#words);
  }

  /** Names are not shown otherwise: they are the source's, not a person's. */
  saidMap(column: number): Readonly<Record<string, string>> {
    return this.#hides ? {} : mapOf(this.at(column), this.#words, this.#shown);
  }

  guardrails(column: number): readonly Guardrail[] {
    return guardrailsOf(this.at(column), this.#words);
  }

  fixed(column: number): Uint8Array | null {
    return this.size(column) === 0 ? null : this.at(column).fixed(COMMITMENT_BYTES);
  }

  /** A text of the personal part, `size` bytes long, that comes next; as it is shown. */
  shown(datum: Datum, size: number): string {
    return datum.wordOf(this.#shown, size);
  }

  /** The datum where a column begins, to be read from there on. */
  at(column: number): Datum {
    this.#datum.seek(this.start(column));
    return this.#datum;
  }
}

const isPersonal = (kind: ColumnKind | undefined): boolean => kind === 'personal_list' || kind === 'personal_map';
const isMap = (kind: ColumnKind | undefined): boolean => kind === 'map' || kind === 'personal_map';
