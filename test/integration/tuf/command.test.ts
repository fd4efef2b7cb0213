import { mkdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TufCli } from '../../fixtures/tuf/tuf-cli.ts'

const TOP = ['root.json', 'snapshot.json', 'targets.json', 'timestamp.json']

describe('slipway tuf', () => {
  it('keeps what it trusts under plain names, byte for byte', async () => {
    const cli = await TufCli.scene()
    expect(await cli.refresh()).toMatchObject({ code: 0, err: '' })
    expect(cli.names('metadata')).toEqual(TOP)
    expect(cli.bytes('metadata', 'root.json')).toEqual(cli.repo.file('1.root.json'))
    expect(cli.bytes('metadata', 'timestamp.json')).toEqual(cli.repo.file('timestamp.json'))
    expect(cli.bytes('metadata', 'targets.json')).toEqual(cli.repo.file('1.targets.json'))
  })

  it('says which versions are trusted and until when, as text and as JSON', async () => {
    const cli = await TufCli.scene()
    expect((await cli.refresh()).out).toContain(`timestamp 1, until ${cli.repo.expires}`)
    const lines = (await cli.refresh('--json')).out.split('\n').map((line) => JSON.parse(line))
    expect(lines.map(({ role }) => role)).toEqual(['root', 'timestamp', 'snapshot', 'targets'])
    expect(lines[0]).toEqual({ role: 'root', version: 1, expires: Date.parse(cli.repo.expires) })
  })

  it('ends with 1 for every refusal, with the reason', async () => {
    const cli = await TufCli.scene()
    cli.repo.signers.set('snapshot', [])
    cli.repo.update()
    expect(await cli.refresh()).toMatchObject({ code: 1, err: expect.stringContaining('E-TRUST-THRESHOLD') })
    expect(cli.names('metadata')).toEqual(['root.json', 'timestamp.json'])
    expect(await cli.download('nothing')).toMatchObject({ code: 1 })
  })

  it.each([
    [['refresh']],
    [['--metadata-dir', 'd', 'refresh']],
    [['--metadata-dir', 'd', '--metadata-url', 'http://127.0.0.1:1', 'download']],
    [['--metadata-dir', 'd', 'nonsense']],
    [['--nonsense']],
  ])('ends with 2 when the command line is wrong: %s', async (args) => {
    const cli = await TufCli.scene()
    expect(await cli.run(...args)).toMatchObject({ code: 2, err: expect.stringMatching(/./) })
  })

  it.each(['file:///etc/', 'ftp://x/', 'https://x/?a', 'nowhere'])('asks only http and https: %s', async (url) => {
    const cli = await TufCli.scene()
    const ran = await cli.run('--metadata-dir', cli.metadata, '--metadata-url', url, 'refresh')
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('E-SYNC-BAD-URL') })
  })
})

describe('slipway tuf: local metadata', () => {
  it('begins only from a root that is signed by its own keys', async () => {
    const cli = await TufCli.scene()
    const other = await TufCli.scene()
    const unsigned = cli.repo.sign('root', [])
    expect(await new TufCli(cli.repo, '').init(unsigned)).toMatchObject({ code: 1 })
    // Nor is a publisher exchanged for another.
    expect(await cli.init(other.repo.firstRoot())).toMatchObject({
      code: 1,
      err: expect.stringContaining('E-TRUST-ALREADY-ADOPTED'),
    })
    expect(cli.bytes('metadata', 'root.json')).toEqual(cli.repo.firstRoot())
    expect(await cli.init(cli.repo.firstRoot())).toMatchObject({ code: 0 })
  })

  it('tells a root that is missing from one that is damaged, and asks the server for neither', async () => {
    const cli = await TufCli.scene()
    cli.put('metadata', 'root.json', cli.repo.firstRoot().subarray(0, 200))
    expect(await cli.refresh()).toMatchObject({ code: 1, err: expect.stringContaining('E-TRUST-CACHE-CORRUPT') })
    const empty = new TufCli(cli.repo, 'http://127.0.0.1:1')
    expect(await empty.refresh()).toMatchObject({ code: 1, err: expect.stringContaining('E-TRUST-NONE') })
    expect(cli.repo.requests).toEqual([])
    // A person who still has the root mends it.
    expect(await cli.init(cli.repo.firstRoot())).toMatchObject({ code: 0 })
    expect(await cli.refresh()).toMatchObject({ code: 0 })
  })

  it.each([
    ['timestamp', ''],
    ['timestamp', '{"signed":'],
    ['snapshot', '[]'],
    ['targets', 'null'],
  ])('says that %s.json was damaged, where it would say nothing of a missing one', async (role, content) => {
    const cli = await TufCli.scene()
    await cli.refresh()
    cli.put('metadata', `${role}.json`, content)
    const mended = await cli.refresh()
    expect(mended).toMatchObject({ code: 0, err: expect.stringContaining(`"${role}"`) })
    expect(await cli.refresh()).toMatchObject({ code: 0, err: '' })
  })

  it('has nothing to say of files that are only older', async () => {
    const cli = await TufCli.scene()
    cli.repo.namesHashes = true
    await cli.refresh()
    cli.repo.bump('targets')
    cli.repo.update()
    expect(await cli.refresh()).toMatchObject({ code: 0, err: '' })
    expect(cli.version('targets')).toBe(2)
  })

  it('notices a file that was changed by hand and still reads well', async () => {
    const cli = await TufCli.scene()
    await cli.refresh()
    const changed = cli.bytes('metadata', 'timestamp.json').toString().replace('"version": 1,', '"version": 9,')
    cli.put('metadata', 'timestamp.json', changed)
    expect(await cli.refresh()).toMatchObject({ code: 0, err: expect.stringContaining('trust.threshold') })
    expect(cli.version('timestamp')).toBe(1)
  })

  it('keeps each step that was good when a later one is not', async () => {
    const cli = await TufCli.scene()
    await cli.refresh()
    cli.repo.bump('targets')
    cli.repo.update()
    cli.repo.published.delete('2.targets.json')
    expect(await cli.refresh()).toMatchObject({ code: 1 })
    expect(['timestamp', 'snapshot', 'targets'].map((role) => cli.version(role))).toEqual([2, 2, 1])
    // Each file whole and none beside them.
    expect(cli.names('metadata')).toEqual(TOP)
  })

  it('takes no role for another because of how it is spelled', async () => {
    const cli = await TufCli.scene()
    cli.repo.delegate('targets', { name: 'Root', paths: ['*'] })
    cli.repo.delegate('targets', { name: '../up', paths: ['*'] })
    cli.repo.bump('targets')
    cli.repo.update()
    expect(await cli.download('x')).toMatchObject({ code: 1 })
    expect(cli.names('metadata')).toEqual(['%52oot.json', '..%2Fup.json', ...TOP].toSorted())
    // And reads them back under their own names.
    cli.repo.requests.length = 0
    await cli.download('x')
    expect(cli.repo.requests).toEqual(['2.root.json', 'timestamp.json'])
  })

  it('says so when the folder cannot be written', async () => {
    const cli = await TufCli.scene()
    mkdirSync(`${cli.metadata}/timestamp.json.part`)
    expect(await cli.refresh()).toMatchObject({ code: 1, err: expect.stringContaining('E-FILE-UNREADABLE') })
    expect(cli.names('metadata')).not.toContain('timestamp.json')
  })
})

describe('slipway tuf: targets', () => {
  const content = 'the first half and the second half'
  const withTarget = async (options: Parameters<typeof TufCli.scene>[0] = {}) => {
    const cli = await TufCli.scene(options)
    cli.repo.addTarget('targets', 'dir/a file', content)
    cli.repo.bump('targets')
    cli.repo.update()
    return cli
  }
  const FILE = 'dir%2Fa%20file'

  it('stores one under a name that no path can bend, and fetches it once', async () => {
    const cli = await withTarget()
    expect(await cli.download('dir/a file')).toMatchObject({ code: 0, out: expect.stringContaining(FILE) })
    expect(cli.names('targets')).toEqual([FILE])
    expect(cli.bytes('targets', FILE).toString()).toBe(content)
    cli.repo.requests.length = 0
    expect((await cli.download('dir/a file')).out).toContain('(was here)')
    expect(cli.repo.requests).toEqual(['2.root.json', 'timestamp.json'])
  })

  it('fetches anew what was changed on the disk, or at the publisher', async () => {
    const cli = await withTarget()
    cli.put('targets', FILE, content.toUpperCase())
    expect(await cli.download('dir/a file')).toMatchObject({ code: 0 })
    expect(cli.bytes('targets', FILE).toString()).toBe(content)
    cli.repo.addTarget('targets', 'dir/a file', 'a newer one')
    cli.repo.bump('targets')
    cli.repo.update()
    expect(await cli.download('dir/a file')).toMatchObject({ code: 0 })
    expect(cli.bytes('targets', FILE).toString()).toBe('a newer one')
  })

  it('goes on where a cut left it', async () => {
    const ranges: (string | undefined)[] = []
    const cli = await withTarget({
      hijack: ({ url, headers: { range } }, response) => {
        if (!url?.startsWith('/targets')) return false
        ranges.push(range)
        const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
        const bytes = Buffer.from(content).subarray(from)
        response
          .writeHead(range ? 206 : 200, {
            ...(range ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
            'content-length': bytes.length,
          })
          .write(bytes.subarray(0, 10), () =>
            ranges.length < 3 ? response.destroy() : response.end(bytes.subarray(10)),
          )
        return true
      },
    })
    expect(await cli.download('dir/a file')).toMatchObject({ code: 1 })
    expect(await cli.download('dir/a file')).toMatchObject({ code: 1 })
    expect(cli.names('targets')).toEqual([`${FILE}%part`])
    expect(await cli.download('dir/a file')).toMatchObject({ code: 0 })
    expect(ranges).toEqual([undefined, 'bytes=10-', 'bytes=20-'])
    expect(cli.names('targets')).toEqual([FILE])
    expect(cli.bytes('targets', FILE).toString()).toBe(content)
  })

  it.each([['not what was begun'], [content.toUpperCase()], [`${content}${content}`]])(
    'begins again when what was left is no good: %s',
    async (left) => {
      const cli = await withTarget()
      cli.put('targets', `${FILE}%part`, left)
      expect(await cli.download('dir/a file')).toMatchObject({ code: 0 })
      expect(cli.names('targets')).toEqual([FILE])
      expect(cli.bytes('targets', FILE).toString()).toBe(content)
    },
  )

  it.each([
    ['E-TRUST-LENGTH-MISMATCH', `${content} and more and more`],
    ['E-TRUST-HASH-MISMATCH', content.toUpperCase()],
    ['E-SYNC-STALLED', content.slice(0, 5)],
  ])('stores nothing that is not as signed: %s', async (code, served) => {
    const cli = await withTarget()
    for (const name of cli.repo.targetFiles.keys()) cli.repo.targetFiles.set(name, Buffer.from(served))
    expect(await cli.download('dir/a file')).toMatchObject({ code: 1, err: expect.stringContaining(code) })
    expect(cli.names('targets')).not.toContain(FILE)
  })

  it('downloads several in one go and stops at the first that it cannot', async () => {
    const cli = await withTarget()
    cli.repo.addTarget('targets', 'b', 'b')
    cli.repo.addTarget('targets', '../c', 'c')
    cli.repo.bump('targets')
    cli.repo.update()
    expect(await cli.download('dir/a file', 'b')).toMatchObject({ code: 0 })
    expect(await cli.download('../c')).toMatchObject({ code: 1, err: expect.stringContaining('E-TRUST-BAD-METADATA') })
    expect(cli.names('targets')).toEqual(['b', FILE])
  })

  it('takes an empty target', async () => {
    const cli = await withTarget()
    cli.repo.addTarget('targets', 'empty', '')
    cli.repo.bump('targets')
    cli.repo.update()
    expect(await cli.download('empty')).toMatchObject({ code: 0 })
    expect(cli.bytes('targets', 'empty')).toHaveLength(0)
    // A folder in its place is in the way, and stays.
    mkdirSync(`${cli.targets}/b`)
    cli.repo.addTarget('targets', 'b', 'b')
    cli.repo.bump('targets')
    cli.repo.update()
    expect(await cli.download('b')).toMatchObject({ code: 1 })
  })
})
