import { addressRange } from './address-ranges.ts'
import { listOf, secret, yesOrNo } from './kinds.ts'
import type { Table } from './table.ts'

export const access = {
  setup: {
    value: yesOrNo().default(false),
    flag: '--setup',
    meaning: 'print a link, valid for 15 minutes, to create the first user',
  },
  adminPassword: {
    value: secret(8).default(''),
    meaning: 'password of the user "admin", who is created at the start if there is no user (for containers)',
    isSecret: true,
  },
  anyoneMayLook: {
    value: yesOrNo().default(false),
    flag: '--anyone-may-look',
    meaning: 'let anyone read without a login; all else needs one',
  },
  registerFrom: {
    value: listOf(addressRange()).default([]),
    meaning:
      'addresses from which agents may register themselves without a token, such as 10.0.0.0/24, separated by commas',
  },
} satisfies Table
