import { type InputType, plainText } from './input-type.ts'

const email: InputType = { ...plainText, hint: 'email' }
const url: InputType = { ...plainText, hint: 'url' }
const uuid: InputType = { ...plainText, hint: 'uuid' }
const secret: InputType = { ...plainText, isSecret: true }

export const simpleWords: Record<string, InputType> = {
  str: plainText,
  string: plainText,
  path: plainText,
  filepath: plainText,
  timedelta: plainText,
  bytes: { ...plainText, isLong: true, hint: 'file' },
  uuid,
  uuid1: uuid,
  uuid3: uuid,
  uuid4: uuid,
  uuid5: uuid,
  anyurl: url,
  anyhttpurl: url,
  httpurl: url,
  emailstr: email,
  nameemail: email,
  secretstr: secret,
  date: { ...plainText, format: 'date' },
  time: { ...plainText, format: 'time' },
  datetime: { ...plainText, format: 'date-time' },
  int: { kind: 'integer' },
  integer: { kind: 'integer' },
  positiveint: { kind: 'integer', exclusiveMinimum: '0' },
  nonnegativeint: { kind: 'integer', minimum: '0' },
  float: { kind: 'number' },
  number: { kind: 'number' },
  decimal: { kind: 'number', isDecimal: true },
  bool: { kind: 'boolean' },
  boolean: { kind: 'boolean' },
}
