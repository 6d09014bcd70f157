/** Luhn's sum (ISO/IEC 7812-1, annex B) over digits; true for a number with the right check digit. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, odd = true; at >= 0; at--, odd = !odd) {
    const digit = digits.charCodeAt(at) - 48;
    sum += odd ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
  }
  return sum % 10 === 0;
}

/** ISO 13616: the country and check digits at the end, letters as 10 to 35, the whole modulo 97 is 1. */
export function isIban(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
