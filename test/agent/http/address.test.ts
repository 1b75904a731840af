import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../../src/agent/http/address.ts'
import { BadAddressError } from '../../../src/shared/errors.ts'

describe('an address', () => {
  test.each([
    ['http://localhost:8001', 'http://localhost:8001'],
    ['  http://localhost:8001 \n', 'http://localhost:8001'],
    ['HTTP://LocalHost:8001', 'http://localhost:8001'],
    ['http://localhost:8001/', 'http://localhost:8001'],
    ['http://localhost:8001///', 'http://localhost:8001'],
    ['https://agents.example/writer', 'https://agents.example/writer'],
    ['https://agents.example/team/Writer/', 'https://agents.example/team/Writer'],
    ['https://agents.example/a b', 'https://agents.example/a%20b'],
    ['http://agents.example:80', 'http://agents.example'],
    ['https://agents.example:443/', 'https://agents.example'],
    ['https://agents.example:80', 'https://agents.example:80'],
    ['http://[::1]:8001/', 'http://[::1]:8001'],
    ['http://[2001:DB8::1]/writer', 'http://[2001:db8::1]/writer'],
    ['http://127.0.0.1:65535', 'http://127.0.0.1:65535'],
    ['http://bücher.example', 'http://xn--bcher-kva.example'],
    ['http://localhost:8001?', 'http://localhost:8001'],
  ])('typed as %j becomes %s', (typed, address) => {
    expect(parseAddress(typed)).toBe(address)
    expect(parseAddress(address)).toBe(address)
  })

  const scheme = 'A URL starts with http:// or https://, for example http://localhost:8001.'
  const user = 'A user name or password in the URL is not supported.'
  const tail = 'The URL of an agent ends before any "?" or "#".'

  test.each([
    ['', 'Enter the URL of the agent, for example http://localhost:8001.'],
    ['   ', 'Enter the URL of the agent, for example http://localhost:8001.'],
    ['localhost:8001', scheme],
    ['127.0.0.1', scheme],
    ['//localhost:8001', scheme],
    ['http:localhost:8001', scheme],
    ['javascript:alert(1)', scheme],
    ['ftp://localhost', 'Only http:// and https:// URLs can be agents, not "ftp:".'],
    ['file:///etc/passwd', 'Only http:// and https:// URLs can be agents, not "file:".'],
    ['WS://localhost', 'Only http:// and https:// URLs can be agents, not "WS:".'],
    ['http://localhost:99999', 'Port 99999 does not exist: ports end at 65535.'],
    ['http://[::1]:70000/a', 'Port 70000 does not exist: ports end at 65535.'],
    ['http://localhost:0', 'Port 0 does not exist: ports start at 1.'],
    ['http://localhost:80a', '"80a" is not a port: ports are numbers from 1 to 65535.'],
    ['http://[fe80::1%25eth0]', 'An address with a zone ("%eth0") is link-local, and those are never called.'],
    ['anna:secret@localhost', user],
    ['http://anna:sec/ret@localhost', user],
    ['http://', '"http://" is not a valid URL.'],
    ['http://a b', '"http://a b" is not a valid URL.'],
    ['http://[::1', '"http://[::1" is not a valid URL.'],
    ['http://anna@localhost', user],
    ['http://anna:secret@localhost', user],
    ['http://:secret@localhost', user],
    ['http://localhost/?a=1', tail],
    ['http://localhost/#top', tail],
  ])('typed as %j is refused', (typed, sentence) => {
    expect(() => parseAddress(typed)).toThrow(new BadAddressError(sentence))
  })

  test('without end is refused', () => {
    expect(() => parseAddress(`http://localhost/${'a'.repeat(2048)}`)).toThrow(
      'A URL may have at most 2048 characters.',
    )
  })

  test('is refused under the name of its field', () => {
    try {
      parseAddress('localhost')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        status: 400,
        code: 'bad-address',
        fields: [{ field: 'agent_url', message: scheme }],
      })
    }
  })
})
