import { isAppError } from '../../../../shared/errors.ts'
import type { ByteLink, ControlLink, DatagramLink, Link, LinkOpener } from '../link.ts'
import type { TracedCall, TracedReply } from './format.ts'
import { tapHttp } from './tap-http.ts'
import { tapSsh } from './tap-ssh.ts'
import { tracedCalls } from './traced-calls.ts'
import type { CurrentWriter, TraceWriter } from './writer.ts'

/** An opener whose links can be recorded, by address. Costs a look a request while nobody does. */
export function tappedOpener(opener: LinkOpener, writerAt: (address: string) => TraceWriter | null): LinkOpener {
  return {
    scheme: opener.scheme,
    open: async (address, options, signal) =>
      tapLink(await opener.open(address, options, signal), () => writerAt(address)),
  }
}

/** The same link; what goes over it is written down whenever somebody records. */
export function tapLink(link: Link, current: CurrentWriter): Link {
  const writer = sessionWriter(link, current)
  switch (link.kind) {
    case 'serial':
    case 'memory':
      return tapBytes(link, writer)
    case 'udp':
      return tapDatagrams(link, writer)
    case 'http':
      return tapHttp(link, writer)
    case 'usb':
      return tapUsb(link, writer)
    case 'ssh':
      return tapSsh(link, writer)
  }
}

/** Says once to each recording that a link is open, and what it is. */
function sessionWriter(link: Link, current: CurrentWriter): CurrentWriter {
  let told: TraceWriter | null = null
  return () => {
    const writer = current()
    if (writer && writer !== told) {
      told = writer
      writer.note({
        is: 'open',
        ...(link.kind === 'usb' && { face: link.face }),
        ...(link.kind === 'udp' && { maxPayload: link.maxPayload }),
      })
    }
    return writer
  }
}

function tapBytes(link: ByteLink, writer: CurrentWriter): ByteLink {
  writer()
  return {
    kind: link.kind,
    address: link.address,
    read: (signal) => heard(writer, () => link.read(signal)),
    async write(bytes, signal) {
      const trace = writer()
      trace?.note({ is: 'out', data: trace.data(bytes) })
      await link.write(bytes, signal)
    },
    ...(link.setBaud && { setBaud: link.setBaud }),
    discardInput: () => link.discardInput(),
    close: () => closed(writer, () => link.close()),
  }
}

function tapDatagrams(link: DatagramLink, writer: CurrentWriter): DatagramLink {
  writer()
  return {
    kind: link.kind,
    address: link.address,
    maxPayload: link.maxPayload,
    receive: (signal) => heard(writer, () => link.receive(signal)),
    async send(bytes, signal) {
      const trace = writer()
      trace?.note({ is: 'out', data: trace.data(bytes) })
      await link.send(bytes, signal)
    },
    close: () => closed(writer, () => link.close()),
  }
}

async function heard(writer: CurrentWriter, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    const bytes = await read()
    const trace = writer()
    trace?.note({ is: 'in', data: trace.data(bytes) })
    return bytes
  } catch (error) {
    // Waits that were given up are no events; a lost link is.
    if (isAppError(error, 'link.lost')) writer()?.note({ is: 'close', code: error.code })
    throw error
  }
}

async function closed(writer: CurrentWriter, close: () => Promise<void>): Promise<void> {
  writer()?.note({ is: 'close', code: null })
  await close()
}

function tapUsb(link: ControlLink, writer: CurrentWriter): ControlLink {
  writer()
  const traced = tracedCalls(writer)
  const reply = (answer: unknown, trace: TraceWriter): TracedReply =>
    answer instanceof Uint8Array ? { what: 'data', data: trace.data(answer) } : { what: 'done' }
  const asked = <T>(call: (trace: TraceWriter) => TracedCall, ask: () => Promise<T>, signal: AbortSignal) =>
    traced(call, ask, reply, signal)
  return {
    kind: 'usb',
    address: link.address,
    face: link.face,
    claim: (number, signal) =>
      asked(
        () => ({ what: 'claim', number }),
        () => link.claim(number, signal),
        signal,
      ),
    select: (number, alternate, signal) =>
      asked(
        () => ({ what: 'select', number, alternate }),
        () => link.select(number, alternate, signal),
        signal,
      ),
    in: (setup, length, timeoutMs, signal) =>
      asked(
        () => ({ what: 'usb-in', setup, length }),
        () => link.in(setup, length, timeoutMs, signal),
        signal,
      ),
    out: (setup, data, timeoutMs, signal) =>
      asked(
        (trace) => ({ what: 'usb-out', setup, data: trace.data(data) }),
        () => link.out(setup, data, timeoutMs, signal),
        signal,
      ),
    bulkIn: (endpoint, length, timeoutMs, signal) =>
      asked(
        () => ({ what: 'bulk-in', endpoint, length }),
        () => link.bulkIn(endpoint, length, timeoutMs, signal),
        signal,
      ),
    bulkOut: (endpoint, data, timeoutMs, signal) =>
      asked(
        (trace) => ({ what: 'bulk-out', endpoint, data: trace.data(data) }),
        () => link.bulkOut(endpoint, data, timeoutMs, signal),
        signal,
      ),
    reset: (signal) =>
      asked(
        () => ({ what: 'reset' }),
        () => link.reset(signal),
        signal,
      ),
    close: () => closed(writer, () => link.close()),
  }
}
