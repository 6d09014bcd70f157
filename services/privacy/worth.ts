import { withoutMarks } from './detector.ts';
import type { Named } from './names.ts';

/** Words that stand where a credential would: types, states, kinds. */
const WORDS = new Set(
  (
    'string str text number int integer bool boolean any unknown never object array list bytes byte char varchar optional ' +
    'required none null nil undefined true false yes no on off missing invalid valid expired empty redacted hidden masked ' +
    'filtered removed bearer basic default value input data field result response request user self this new auto env ' +
    'secret password passwd pwd token key credential credentials changed unchanged revoked rotated enabled disabled ' +
    'function const let var return await async public private static readonly final type interface class struct enum is ' +
    'option maybe nullable field column parameter param argument arg label name title hash cstring datum dict map'
  ).split(' '),
);

/** Something that stands for a value kept elsewhere, or hides it already. */
const REFERENCES: readonly RegExp[] = [
  /^\$\{(?![^}]*:-)|^\$\(|^\$[A-Z_][A-Z0-9_]*$|^\$[a-z_]+$|^%[A-Za-z_]+%$|^#?\{|^\{\{|^<[^<>]*>?$|^!\w*$|^@/,
  /^[\w-]{0,7}(?:\*{3,}|\.{3}|…)[\w-]{0,7}$|^[xX]{3,}$|^•+$|^-+$|^_+$/,
  /^(?:process\.env|import\.meta|os\.(?:environ|getenv)|ENV\b|env[.([]|System\.getenv|secrets?\.|vars?\.)/,
  /^(?:https?|file|vault|op|secret|ref\+\w+|arn|gs|s3):|^projects\/[\w-]+\/|^(?:~|\.{1,2})?\/(?:[\w.-]+\/)+[\w.-]*$/,
];

/** Code that computes or names a value rather than being one: a call, an index, a generic type, a path of names. */
const CODE = /^[&*]?[A-Za-z_$][\w$]*(?:(?:\?\.|\.|::|->)[A-Za-z_$][\w$]*)*(?:[([<]|\?\.|$)/;
const CALL = /^[&*]?[A-Za-z_$][\w$]*(?:(?:\?\.|\.|::|->)[A-Za-z_$][\w$]*)*[([]/;

/** How a value was written: in quotes, directly behind `=`, or apart from its name as prose and code do. */
export type Form = 'quoted' | 'tight' | 'apart';

/** Whether a value under a telling name is a credential. `next` is the character behind it. */
export function isCredential(value: string, { strength, kind }: Named, form: Form, next: string): boolean {
  const rest = withoutMarks(value);
  if (rest === '' || WORDS.has(rest.toLowerCase().replace(/[?!.,:;]+$/, ''))) return false;
  if (REFERENCES.some((reference) => reference.test(rest))) return false;
  if (/^[0-9.]+$/.test(rest)) return rest.length >= (kind === 'password' ? 4 : 10);
  if (form !== 'quoted' && (next === '(' || next === '[' || CALL.test(rest))) return false;
  if (strength === 'weak') return looksMade(rest);
  if (form === 'quoted') return kind === 'password' || !/\s/.test(rest) || looksMade(rest);
  return form === 'tight' ? !isName(rest) : !isName(rest) && (kind === 'password' || looksMade(rest));
}

/** A name of the code around it: `user_input`, `config.token`, `Option<String>`. A password may be one word. */
function isName(value: string): boolean {
  if (!CODE.test(value) || /[0-9]/.test(value)) return false;
  return /[_.$<:?>]|[a-z][A-Z]/.test(value) || WORDS.has(value.toLowerCase());
}

/** Made by a machine or meant as a password: long enough, without blanks, and not a word or a number. */
export function looksMade(value: string): boolean {
  if (value.length < 6 || /\s/.test(value)) return false;
  const [letters, digits] = [/[A-Za-z]/.test(value), /[0-9]/.test(value)];
  if (letters && digits) return value.length >= 8 || /[^A-Za-z0-9_.-]/.test(value);
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value);
  return value.length >= 16 && !/^[A-Za-z]+(?:[_. -][A-Za-z]+)+$/.test(value) && (mixed ? isTangled(value) : letters);
}

/** More changes of case than words joined in camel case have. */
function isTangled(value: string): boolean {
  const changes = value.match(/[a-z][A-Z]|[A-Z]{2}/g) ?? [];
  return changes.length * 4 >= value.length;
}
