import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readRun } from '../../../src/agent/plain/messages.ts'
import { reply } from '../../support/agents/reply.ts'

/** What frameworks answer, recorded, each with what a person reads: the place and what is wrong there. */
const recorded: [framework: string, status: number, body: unknown, told: string[]][] = [
  [
    'FastAPI',
    422,
    {
      detail: [
        {
          type: 'string_type',
          loc: ['body', 'messages', 4, 'content'],
          msg: 'Input should be a valid string',
          input: 7,
        },
        { type: 'missing', loc: ['body', 'messages', 5, 'role'], msg: 'Field required', input: {} },
      ],
    },
    ['messages.4.content: Input should be a valid string', 'messages.5.role: Field required'],
  ],
  [
    'NestJS',
    400,
    {
      message: [
        'topic should not be empty',
        'messages.4.content must be a string',
        'each value in tags must be a string',
        'property colour should not exist',
      ],
      error: 'Bad Request',
      statusCode: 400,
    },
    [
      'topic: should not be empty',
      'messages.4.content: must be a string',
      'tags: each value must be a string',
      'colour: should not exist',
    ],
  ],
  [
    'class-validator',
    400,
    {
      statusCode: 400,
      errors: [
        {
          target: {},
          property: 'messages',
          children: [
            {
              property: '4',
              children: [{ property: 'content', constraints: { isString: 'content must be a string' }, children: [] }],
            },
          ],
        },
        { property: 'topic', constraints: { a: 'topic must be longer', b: 'topic must be a string' }, children: [] },
      ],
      message: 'Bad Request Exception',
    },
    ['messages.4.content: must be a string', 'topic: must be longer', 'topic: must be a string'],
  ],
  [
    'Spring Boot',
    400,
    {
      timestamp: '2026-11-22T16:14:30.057+00:00',
      status: 400,
      error: 'Bad Request',
      trace: 'org.springframework.web.bind.MethodArgumentNotValidException: Validation failed\n\tat org…',
      message: "Validation failed for object='runRequest'. Error count: 2",
      errors: [
        {
          codes: ['NotBlank.runRequest.topic', 'NotBlank.topic', 'NotBlank.java.lang.String', 'NotBlank'],
          arguments: [
            { codes: ['runRequest.topic', 'topic'], arguments: null, defaultMessage: 'topic', code: 'topic' },
          ],
          defaultMessage: 'must not be blank',
          objectName: 'runRequest',
          field: 'topic',
          rejectedValue: '',
          bindingFailure: false,
          code: 'NotBlank',
        },
        { defaultMessage: 'must not be null', objectName: 'runRequest', field: 'messages[4].content', code: 'NotNull' },
      ],
      path: '/run',
    },
    ['topic: must not be blank', 'messages.4.content: must not be null'],
  ],
  [
    'Quarkus',
    400,
    {
      title: 'Constraint Violation',
      status: 400,
      violations: [{ field: 'run.request.topic', message: 'must not be blank' }],
    },
    ['Constraint Violation; run.request.topic: must not be blank'],
  ],
  [
    'Django REST framework',
    400,
    {
      topic: ['This field is required.', 'Ensure this field has at least 3 characters.'],
      messages: [{}, { content: ['This field may not be blank.'] }],
      tags: { '2': ['Not a valid string.'] },
      path: ['Enter a valid URL.'],
      non_field_errors: ['Dates must be in order.'],
    },
    [
      'topic: This field is required.',
      'topic: Ensure this field has at least 3 characters.',
      'messages.1.content: This field may not be blank.',
      'tags.2: Not a valid string.',
      'path: Enter a valid URL.',
      'Dates must be in order.',
    ],
  ],
  [
    'Django Ninja',
    422,
    { detail: [{ type: 'missing', loc: ['body', 'payload', 'topic'], msg: 'Field required' }] },
    ['payload.topic: Field required'],
  ],
  [
    'marshmallow',
    400,
    { messages: { '4': { content: ['Not a valid string.'] } }, _schema: ['Invalid input type.'] },
    ['messages.4.content: Not a valid string.', 'Invalid input type.'],
  ],
  [
    'flask-smorest',
    422,
    {
      code: 422,
      status: 'Unprocessable Entity',
      errors: { json: { topic: ['Missing data for required field.'], messages: { 0: { role: ['Unknown field.'] } } } },
    },
    ['topic: Missing data for required field.', 'messages.0.role: Unknown field.'],
  ],
  [
    'APIFlask',
    422,
    { detail: { json: { topic: ['Shorter than minimum length 3.'] } }, message: 'Validation error' },
    ['topic: Shorter than minimum length 3.'],
  ],
  [
    'express-validator',
    400,
    {
      errors: [
        { type: 'field', value: 7, msg: 'Invalid value', path: 'messages[4].content', location: 'body' },
        { value: '', msg: 'Too short', param: 'topic', location: 'body' },
        {
          type: 'unknown_fields',
          msg: 'Unknown field(s)',
          fields: [{ path: 'colour', location: 'body', value: 'red' }],
        },
      ],
    },
    ['messages.4.content: Invalid value', 'topic: Too short', 'colour: Unknown field(s)'],
  ],
  [
    'express-validator, mapped',
    422,
    { errors: { topic: { type: 'field', value: '', msg: 'Too short', path: 'topic', location: 'body' } } },
    ['topic: Too short'],
  ],
  [
    'zod 3 in Hono',
    400,
    {
      success: false,
      error: {
        issues: [
          { code: 'invalid_type', expected: 'string', received: 'undefined', path: ['topic'], message: 'Required' },
          { code: 'too_small', minimum: 1, path: ['messages', 4, 'content'], message: 'Must not be empty' },
        ],
        name: 'ZodError',
      },
    },
    ['topic: Required', 'messages.4.content: Must not be empty'],
  ],
  [
    'zod, formatted',
    400,
    { _errors: [], messages: { _errors: [], 4: { _errors: [], content: { _errors: ['Required'] } } } },
    ['messages.4.content: Required'],
  ],
  [
    'zod, flattened',
    400,
    { error: { formErrors: ['Wrong shape'], fieldErrors: { topic: ['Required', 'Too short'] } } },
    ['topic: Required', 'topic: Too short', 'Wrong shape'],
  ],
  [
    'RFC 9457',
    422,
    {
      type: 'https://example.net/validation-error',
      title: 'Your request is not valid.',
      errors: [
        { detail: 'must be a positive integer', pointer: '#/age' },
        { detail: "must be 'green', 'red' or 'blue'", pointer: '#/messages/4/a~1b' },
      ],
    },
    ['age: must be a positive integer', "messages.4.a/b: must be 'green', 'red' or 'blue'"],
  ],
  [
    'RFC 7807',
    400,
    {
      title: "Your request parameters didn't validate.",
      'invalid-params': [{ name: 'age', reason: 'must be a positive integer' }],
    },
    ['age: must be a positive integer'],
  ],
  [
    'ASP.NET',
    400,
    {
      type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
      title: 'One or more validation errors occurred.',
      status: 400,
      errors: { Topic: ['The Topic field is required.'], '$.messages[4].content': ['Could not be converted.'] },
      traceId: '00-1',
    },
    ['Topic: The Topic field is required.', 'messages.4.content: Could not be converted.'],
  ],
  [
    'Laravel',
    422,
    {
      message: 'The topic field is required. (and 1 more error)',
      errors: { topic: ['The topic field is required.'], 'messages.4.content': ['The content must be a string.'] },
    },
    ['topic: The topic field is required.', 'messages.4.content: The content must be a string.'],
  ],
  [
    'JSON:API',
    422,
    {
      errors: [{ status: '422', source: { pointer: '/data/attributes/topic' }, title: 'Invalid', detail: 'Is blank' }],
    },
    ['data.attributes.topic: Is blank'],
  ],
  [
    'celebrate',
    400,
    {
      statusCode: 400,
      error: 'Bad Request',
      message: 'Validation failed',
      validation: { body: { source: 'body', keys: ['topic'], message: '"topic" is required' } },
    },
    ['topic: is required'],
  ],
  [
    'Litestar',
    400,
    {
      status_code: 400,
      detail: 'Validation failed for POST /run',
      extra: [{ message: 'Expected `str`, got `int`', key: 'topic', source: 'body' }],
    },
    ['topic: Expected `str`, got `int`'],
  ],
  [
    'ajv',
    400,
    {
      errors: [
        {
          instancePath: '/messages/4',
          keyword: 'required',
          params: { missingProperty: 'content' },
          message: "must have required property 'content'",
        },
      ],
    },
    ["messages.4.content: must have required property 'content'"],
  ],
  [
    'Google',
    400,
    {
      error: {
        code: 400,
        message: 'Invalid argument',
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 't', fieldViolations: [{ field: 'topic', description: 'Too long' }] }],
      },
    },
    ['topic: Too long'],
  ],
  [
    'OpenAI',
    400,
    { error: { message: 'Unsupported value', type: 'invalid_request_error', param: 'messages[4].role', code: null } },
    ['messages.4.role: Unsupported value'],
  ],
  [
    'hapi',
    400,
    {
      statusCode: 400,
      error: 'Bad Request',
      message: '"messages[4].content" must be a string. "topic" is required',
      validation: { source: 'payload', keys: ['messages.4.content', 'topic'] },
    },
    ['messages.4.content: must be a string', 'topic: is required'],
  ],
  [
    'Quarkus 1',
    400,
    { exception: null, propertyViolations: [], parameterViolations: [{ path: 'topic', message: 'must not be blank' }] },
    ['topic: must not be blank'],
  ],
  ['Helidon', 400, { violations: [{ fieldName: 'topic', message: 'is blank' }] }, ['topic: is blank']],
  [
    'Huma',
    422,
    {
      title: 'Unprocessable Entity',
      status: 422,
      detail: 'validation failed',
      errors: [{ message: 'expected string', location: 'body.messages[4].content', value: 7 }],
    },
    ['messages.4.content: expected string'],
  ],
  [
    'valibot',
    400,
    { issues: [{ kind: 'schema', message: 'Invalid type', path: [{ type: 'object', key: 'tags' }, { key: 2 }] }] },
    ['tags.2: Invalid type'],
  ],
  [
    'yup',
    400,
    { name: 'ValidationError', path: 'topic', errors: ['topic is required'], inner: [], message: 'topic is required' },
    ['topic: topic is required'],
  ],
  [
    'LoopBack',
    422,
    {
      error: {
        name: 'X',
        message: 'The request body is invalid.',
        details: [{ path: '', info: { missingProperty: 'topic' }, message: 'is missing' }],
      },
    },
    ['topic: is missing'],
  ],
  ['GitHub', 422, { errors: [{ resource: 'Run', field: 'topic', code: 'missing' }] }, ['topic: missing']],
  [
    'JSON-RPC',
    400,
    { jsonrpc: '2.0', id: 1, error: { code: -32602, message: 'Invalid params', data: { topic: 'is too long' } } },
    ['topic: is too long'],
  ],
]

/** `a: b` is about a field where the test of it names one. */
function fieldsOf(told: string[]): { field: string; message: string }[] {
  return told.map((line) => {
    const [, field = '', message = line] = /^([\w$./-]+): (.+)$/s.exec(line) ?? []
    return { field, message }
  })
}

test.each(recorded)('the reasons of %s reach the person, each with its place', (_, status, body, told) => {
  const answer = readRun(reply(body, { status }))
  expect(answer).toMatchObject({
    kind: 'failed',
    message: `The agent refused the inputs: ${told.join('; ').replaceAll('.;', ';')}`,
  })
  const expected = fieldsOf(told.map((line) => line.replace('Constraint Violation; ', '')))
  expect('fields' in answer && answer.fields).toEqual(expected)
})

test('the reasons of Fastify reach the person, each with its place', async () => {
  const app = Fastify({ ajv: { customOptions: { allErrors: true } } })
  const message = { type: 'object', required: ['content'], properties: { role: { enum: ['user', 'bot'] } } }
  const properties = { messages: { type: 'array', items: message }, age: { type: 'integer' } }
  const body = { type: 'object', required: ['topic'], properties }
  app.post('/run', { schema: { body } }, () => 'ok')
  const payload = { messages: [{ content: 'x' }, { role: 'robot' }], age: 'old' }
  const answer = await app.inject({ method: 'POST', url: '/run', payload })
  const read = readRun(reply(answer.body, { status: answer.statusCode, statusText: answer.statusMessage }))
  expect(read).toMatchObject({
    fields: expect.arrayContaining([
      { field: 'topic', message: "must have required property 'topic'" },
      { field: 'messages.1.content', message: "must have required property 'content'" },
      { field: 'messages.1.role', message: 'must be equal to one of the allowed values' },
      { field: 'age', message: 'must be integer' },
    ]),
    message: expect.stringMatching(/^The agent refused the inputs: .*topic: must have required property 'topic'/),
  })
})

test('the reasons of zod 4 reach the person, though they are written into a sentence', () => {
  const { error } = z.object({ messages: z.array(z.object({ content: z.string() })) }).safeParse({ messages: [{}] })
  const body = { success: false, error }
  for (const status of [200, 400]) {
    expect(readRun(reply(body, { status }))).toMatchObject({
      message: expect.stringContaining('messages.0.content: Invalid input: expected string, received undefined'),
      fields: [{ field: 'messages.0.content', message: 'Invalid input: expected string, received undefined' }],
    })
  }
  const tree = readRun(reply(z.treeifyError(error!), { status: 422 }))
  expect('fields' in tree && tree.fields.map(({ field }) => field)).toEqual(['messages.0.content'])
})
