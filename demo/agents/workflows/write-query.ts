import { madeUp, optional, required, type Workflow } from '../workflow.ts'

const questions = [
  { question: 'Orders by country last month', table: 'orders', column: 'country' },
  { question: 'Customers who never came back', table: 'customers', column: 'last_order_at' },
  { question: 'Slowest suppliers this year', table: 'deliveries', column: 'supplier' },
]

export const writeQuery: Workflow = {
  workflow: 'write_query',
  inputs: {
    question: required('str', 'What to find out'),
    dialect: optional("Literal['postgresql', 'sqlite', 'bigquery']", 'Database to write for', 'postgresql'),
    max_rows: optional('int', 'Rows to return', 100),
    explain: optional('bool', 'Also explain the query', true),
  },
  outputs: ['query', 'tables', 'explanation'],
  message: madeUp,
  work: { seconds: [2.4, 8], tokens: [1_100, 4_000], usdPerToken: 0.000003 },

  sample: (random) => ({
    question: random.pick(questions).question,
    ...(random.chance(0.4) && { dialect: random.pick(['sqlite', 'bigquery']) }),
  }),

  run(inputs) {
    const { question, max_rows = 100, explain = true } = inputs as Record<string, never>
    const { table, column } = questions.find((one) => one.question === question) ?? questions[0]!
    return {
      query: `SELECT ${column}, count(*) AS n\nFROM ${table}\nGROUP BY ${column}\nORDER BY n DESC\nLIMIT ${max_rows};`,
      tables: [table],
      explanation: explain ? `Counts the rows of **${table}** by \`${column}\`, largest first.` : '',
    }
  },
}
