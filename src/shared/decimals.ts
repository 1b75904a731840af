const decimal = /^\s*([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?\s*$/i

export function isNumeric(text: string): boolean {
  return /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text)
}

/** Whether JavaScript would round this number. */
export function needsDigits(text: string): boolean {
  return isNumeric(text) && (/\d{16}/.test(text.replace('.', '')) || Math.abs(Number(text)) >= 2 ** 53)
}

/** JSON readers round numbers of more digits than this. */
export const safeDigits = 15

/** Larger numbers are compared as JavaScript's: their digits would fill the memory. */
const maxDigits = 10_000
const maxPower = 1000

/** Compares exactly, whatever the number of digits. */
export function compareDecimals(one: string, other: string): number {
  const [a, b] = [parsed(one), parsed(other)]
  if (!a || !b) return Number(one) - Number(other)
  const scale = Math.min(a.power, b.power)
  const difference = a.digits * 10n ** BigInt(a.power - scale) - b.digits * 10n ** BigInt(b.power - scale)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

function parsed(text: string): { digits: bigint; power: number } | undefined {
  if (text.length > maxDigits) return undefined
  const [, sign = '', whole = '', fraction = '', power = '0'] = decimal.exec(text) ?? []
  const ten = Number(power) - fraction.length
  if (whole + fraction === '' || Math.abs(ten) > maxPower) return undefined
  return { digits: BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`), power: ten }
}
