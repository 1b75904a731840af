import { madeUp, optional, required, type Workflow } from '../workflow.ts'

const suppliers = ['Nordlicht Energie', 'Papeterie Lumière', 'Osaka Tools', 'Harbour Catering']

export const readInvoice: Workflow = {
  workflow: 'read_invoice',
  inputs: {
    file: required('str', 'Invoice to read'),
    currency: optional("Literal['EUR', 'USD', 'CHF']", 'Currency where the invoice names none', 'EUR'),
    check_vat: optional('bool', 'Check the VAT number', true),
    api_key: { ...optional('str', 'Key of the VAT service', null), format: 'password' },
  },
  outputs: ['supplier', 'invoice_number', 'total', 'currency', 'lines'],
  message: madeUp,
  work: {
    seconds: [4.6, 12],
    tokens: [2_100, 6_400],
    usdPerToken: 0.0000034,
    failureShare: 0.04,
    failures: ["node 'ocr': page 2 is blank"],
  },

  sample: (random) => ({ file: `invoices/2026-11/${random.whole(1000, 1999)}.pdf` }),

  run(inputs) {
    const { file, currency = 'EUR' } = inputs as { file: string; currency?: string }
    const number = Number(/(\d+)\.\w+$/.exec(file)?.[1] ?? 1)
    const lines = Array.from({ length: 1 + (number % 3) }, (_, index) => ({
      text: ['Electricity', 'Paper A4', 'Service'][index],
      amount: ((number * (index + 7)) % 90_000) / 100,
    }))
    return {
      supplier: suppliers[number % suppliers.length],
      invoice_number: `R-${number}`,
      total: Number(lines.reduce((sum, { amount }) => sum + amount, 0).toFixed(2)),
      currency,
      lines,
    }
  },
}
