import { DIGITS, type Random, UPPER } from './random.ts';

/** The digit that makes Luhn's sum right, worked out by trial: a way of its own beside the detector's. */
function withCheck(digits: string, prefix = ''): string {
  const sum = (all: string): number =>
    [...all].reverse().reduce((total, character, index) => {
      const doubled = Number(character) * (index % 2 === 0 ? 1 : 2);
      return total + Math.floor(doubled / 10) + (doubled % 10);
    }, 0);
  const check = [...DIGITS].find((digit) => sum(prefix + digits + digit) % 10 === 0);
  return digits + check;
}

export function cardNumber(draw: Random): string {
  const [begin, length] = draw.one([
    ['4', 16],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['2720', 16],
    ['34', 15],
    ['37', 15],
    ['6011', 16],
    ['65', 16],
    ['36', 14],
    ['3530', 16],
    ['62', 16],
  ] as const);
  const digits = withCheck(begin + draw.text(length - begin.length - 1, DIGITS));
  const groups = length === 16 ? [4, 4, 4, 4] : length === 15 ? [4, 6, 5] : [4, 6, 4];
  const separator = draw.one(['', '', ' ', '-']);
  const starts = groups.map((_, index) => groups.slice(0, index).reduce((sum, size) => sum + size, 0));
  return groups.map((size, index) => digits.slice(starts[index], (starts[index] ?? 0) + size)).join(separator);
}

const IBANS = [
  ['DE', 18, ''],
  ['FR', 23, ''],
  ['GB', 14, 'WEST'],
  ['NL', 10, 'ABNA'],
  ['ES', 20, ''],
  ['CH', 17, ''],
  ['NO', 11, ''],
  ['IT', 22, 'X'],
  ['PL', 24, ''],
  ['BE', 12, ''],
] as const;

export function ibanNumber(draw: Random): string {
  const [country, digits, bank] = draw.one(IBANS);
  const account = bank + draw.text(digits, DIGITS);
  const numeric = [...`${account}${country}00`].map((character) => Number.parseInt(character, 36)).join('');
  const check = String(98n - (BigInt(numeric) % 97n)).padStart(2, '0');
  const iban = `${country}${check}${account}`;
  return draw.one([true, false]) ? iban : iban.replace(/(.{4})(?=.)/g, '$1 ');
}

export function ssnNumber(draw: Random): string {
  const area = String(1 + draw.below(665)).padStart(3, '0');
  return `${area}-${String(1 + draw.below(99)).padStart(2, '0')}-${String(1 + draw.below(9999)).padStart(4, '0')}`;
}

const area = (draw: Random): string => `${2 + draw.below(8)}${draw.text(2, DIGITS)}`;

export function phoneNumber(draw: Random): string {
  const [a, b, c] = [area(draw), area(draw), draw.text(4, DIGITS)];
  return draw.one([
    `+1 ${a}-${b}-${c}`,
    `+1 (${a}) ${b}-${c}`,
    `+1${a}${b}${c}`,
    `(${a}) ${b}-${c}`,
    `${a}-${b}-${c}`,
    `${a}.${b}.${c}`,
    `+44 20 7946 ${draw.text(4, DIGITS)}`,
    `+44 (0)20 7946 ${draw.text(4, DIGITS)}`,
    `+49 30 ${draw.text(8, DIGITS)}`,
    `+49 151 ${draw.text(8, DIGITS)}`,
    `+33 6 ${draw.text(2, DIGITS)} ${draw.text(2, DIGITS)} ${draw.text(2, DIGITS)} ${draw.text(2, DIGITS)}`,
    `+91 98${draw.text(3, DIGITS)} ${draw.text(5, DIGITS)}`,
    `+81-3-${draw.text(4, DIGITS)}-${draw.text(4, DIGITS)}`,
    `+65 ${draw.text(4, DIGITS)} ${draw.text(4, DIGITS)}`,
    `+5511${draw.text(9, DIGITS)}`,
  ]);
}

export const nationalPhone = (draw: Random): string =>
  draw.one([
    `0${1 + draw.below(9)}${draw.text(2, DIGITS)} ${draw.text(7, DIGITS)}`,
    `020 7946 ${draw.text(4, DIGITS)}`,
    `0${draw.text(3, '123456789')}/${draw.text(6, DIGITS)}`,
    `${area(draw)}${draw.text(7, DIGITS)}`,
    `0${1 + draw.below(5)} ${draw.text(2, DIGITS)} ${draw.text(2, DIGITS)} ${draw.text(2, DIGITS)} ${draw.text(2, DIGITS)}`,
  ]);

export const recordNumber = (draw: Random): string =>
  draw.one([
    draw.text(7, '123456789'),
    draw.text(8, '123456789'),
    `M${draw.text(7, DIGITS)}`,
    `${draw.text(2, UPPER)}-${draw.text(6, DIGITS)}`,
    `${draw.text(3, DIGITS)}-${draw.text(2, DIGITS)}-${draw.text(3, DIGITS)}`,
  ]);

export const providerNumber = (draw: Random): string =>
  withCheck(`${draw.one(['1', '2'])}${draw.text(8, DIGITS)}`, '80840');

const FIRST = [
  'ada',
  'maria.santos',
  'j.mueller',
  'li-wei',
  'o_nkemelu',
  'sofia+work',
  'k.o.brien',
  'priya',
  'tom99',
  'anne-marie',
];
const HOSTS = [
  'acme.example',
  'mail.health.example',
  'uni-bonn.example',
  'corp.co.example',
  'Example.COM',
  'firma.example',
];

export const emailAddress = (draw: Random): string => `${draw.one(FIRST)}@${draw.one(HOSTS)}`;

/** A British national insurance number, as it is written on paper. */
export const insuranceNumber = (draw: Random): string =>
  `${draw.text(2, 'ABCEGHJ')} ${draw.text(2, DIGITS)} ${draw.text(2, DIGITS)} ${draw.text(2, DIGITS)} ${draw.one(['A', 'B', 'C', 'D'])}`;
