/** JSON as text: payloads are kept to the byte, as JavaScript would round numbers and Python writes NaN. */
export { jsonAt, jsonEntries, jsonItems, jsonMembers, jsonObject } from './json/members.ts'
export { jsonError, presentExcess } from './json/problems.ts'
export { type JsonToken, jsonDepth, jsonTokens } from './json/tokens.ts'
export { exactValue, isJson, isStrictJson, looseValue, withoutNaN } from './json/values.ts'
