import { secretKey } from './kinds.ts'
import type { Table } from './table.ts'

export const credentials = {
  secretKey: {
    value: secretKey().default(''),
    meaning: 'key that encrypts the credentials of agents; by default one in secret.key beside the database',
    isSecret: true,
  },
} satisfies Table
