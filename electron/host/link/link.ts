/**
 * What carries bytes to a device. A link knows nothing of protocols; a protocol knows nothing of
 * ports. Every wait takes a signal and ends with `cancelled` when it fires; a link that is gone
 * throws `link.lost` from then on.
 */

/** A stream of bytes: a serial port, a TCP connection. */
export interface ByteLink {
  readonly kind: 'serial' | 'memory'
  readonly address: string
  /** The next bytes, at least one. */
  read(signal: AbortSignal): Promise<Uint8Array>
  /** Resolves when the operating system has taken the bytes. One call a packet, never one a line. */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>
  /** Changes the speed of a serial line; what was written before has left. Other links have none. */
  readonly setBaud?: (baud: number, signal: AbortSignal) => Promise<void>
  /** Drops what was received and not read. */
  discardInput(): Promise<void>
  close(): Promise<void>
}

/** Packets that arrive whole, late, twice or not at all. */
export interface DatagramLink {
  readonly kind: 'udp'
  readonly address: string
  /** Largest payload that passes without fragmentation, bytes (1472 on IPv4 Ethernet). */
  readonly maxPayload: number
  receive(signal: AbortSignal): Promise<Uint8Array>
  send(bytes: Uint8Array, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** A port that one peer sends to; packets of everybody else are dropped unseen. */
export interface DatagramServer {
  /** Where the peer reaches it: the address of this machine on the peer's network, and the port. */
  readonly address: string
  readonly port: number
  receive(signal: AbortSignal): Promise<ReceivedDatagram>
  /** To a port of the peer. */
  send(port: number, bytes: Uint8Array, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export interface ReceivedDatagram {
  /** The peer's port. */
  readonly port: number
  readonly bytes: Uint8Array
}

/** Opens a port for the peer with this address (IPv4 or IPv6, no name). Port 0: any that is free. */
export type OpenDatagramServer = (peer: string, port: number, signal: AbortSignal) => Promise<DatagramServer>

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Of one that comes in pieces, each may be written over once the next is asked for. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>
  /** Bytes in `body`. Always sent as Content-Length: SWUpdate refuses chunked uploads. */
  readonly length?: number
}

export interface HttpReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Text frames from a device, oldest first. */
export interface TextSocket {
  /** The next frame, or null once the device has closed the socket. */
  receive(signal: AbortSignal): Promise<string | null>
  close(): void
}

/** Requests to one device's web server. */
export interface HttpLink {
  readonly kind: 'http'
  readonly address: string
  /** Throws `link.refused`, `link.timeout`, `link.lost`. A reply of any status is a reply. */
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpReply>
  /** Opens a WebSocket. An HTTP reply instead of an upgrade comes back as that reply. */
  socket(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<TextSocket | HttpReply>
  close(): Promise<void>
}

/** What the bus tells of a USB device without asking it. */
export interface UsbFace {
  /** Lower-case hex, four digits. */
  readonly vid: string
  readonly pid: string
  /** `bcdDevice` as people write it: `2.10` for 0x0210. */
  readonly release: string
  readonly manufacturer: string | null
  readonly product: string | null
  readonly serial: string | null
}

/** A control transfer's setup packet without its length, which follows from the data. USB 2.0 9.3. */
export interface UsbSetup {
  readonly type: 'standard' | 'class' | 'vendor'
  readonly recipient: 'device' | 'interface'
  readonly request: number
  readonly value: number
  readonly index: number
}

/** Control and bulk transfers to one USB device. */
export interface ControlLink {
  readonly kind: 'usb'
  readonly address: string
  readonly face: UsbFace
  /** Takes an interface for this console, once. Throws `link.busy` when another program or a kernel driver has it. */
  claim(interfaceNumber: number, signal: AbortSignal): Promise<void>
  /** Chooses an alternate setting of an interface that was claimed. */
  select(interfaceNumber: number, alternate: number, signal: AbortSignal): Promise<void>
  /**
   * Asks for up to `length` bytes. Throws `device.refused` with the reason `stall` when the device says no,
   * `link.timeout` when it says nothing within `timeoutMs`, `link.lost` when it is gone.
   */
  in(setup: UsbSetup, length: number, timeoutMs: number, signal: AbortSignal): Promise<Uint8Array>
  /** Sends bytes, or an order without any. Throws as `in` does. */
  out(setup: UsbSetup, data: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<void>
  /** Up to `length` bytes (a multiple of the packet size) from an endpoint of an interface that was claimed. Throws as `in` does. */
  bulkIn(endpoint: number, length: number, timeoutMs: number, signal: AbortSignal): Promise<Uint8Array>
  bulkOut(endpoint: number, data: Uint8Array, timeoutMs: number, signal: AbortSignal): Promise<void>
  /** Resets the device's port. Throws `link.unsupported` where the system does not let programs do that (WinUSB). */
  reset(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** How a command on the device ended, and what it said. Never a verdict of its own: programs lie with their exit code. */
export interface SshOutcome {
  /** Null: a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface SshRunOptions {
  readonly stdin?: Uint8Array
  /** Each line as it comes, without its end; a carriage return ends one too. */
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => void
  /** Most bytes of each of stdout and stderr; 1 MiB unless told. A command that says more is ended. */
  readonly maxBytes?: number
}

/** Bytes to be sent: `length` of them, read from anywhere, since an upload may start in the middle. */
export interface FileSource {
  readonly length: number
  /** SHA-256 of the whole, hex. */
  readonly sha256: string
  /** They may lie in `into`, which the reader leaves alone from then on. */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>
}

export interface UploadWatch {
  /** Bytes that the device has taken, and of how many. Never goes backwards. */
  progress(done: number, total: number): void
  /** Awaited at least once a second. It throws to stop the upload. */
  between(): Promise<void>
}

/** One logged-in SSH connection to a device. */
export interface SshLink {
  readonly kind: 'ssh'
  readonly address: string
  /**
   * Runs a program with its arguments: each arrives as it stands here, whatever is in it. Any exit code is an outcome.
   * Throws `device.bad-frame` when it says too much, `device.refused` when the device runs no commands, `link.lost`.
   */
  run(argv: readonly string[], options: SshRunOptions, signal: AbortSignal): Promise<SshOutcome>
  /** A small file. Throws `device.refused` when it cannot be read, `device.bad-frame` beyond `limit` bytes. */
  readFile(path: string, limit: number, signal: AbortSignal): Promise<Uint8Array>
  /**
   * Puts a file at an absolute path: under a temporary name beside it, made durable, then renamed. What an upload
   * that broke off left behind is checked by its hash and kept. Resolves to the bytes that were there already.
   * Throws `device.no-space`, `device.write-failed`, `link.unsupported` without SFTP, `link.lost`, or what `between` threw.
   */
  upload(path: string, file: FileSource, watch: UploadWatch, signal: AbortSignal): Promise<{ readonly held: number }>
  close(): Promise<void>
}

export type Link = ByteLink | DatagramLink | HttpLink | ControlLink | SshLink

export interface SeenUsb {
  readonly vid: string
  readonly pid: string
  readonly serial: string | null
  /** The bus gives a device a new number whenever it is plugged in or comes back as something else. */
  readonly number?: number
}

/** Something that may be a device: announced by hot-plug, by itself, by a site document or a person. */
export interface SeenPort {
  readonly address: string
  readonly label: string
  /** `hot-plug`: the machine announced it; `named`: a site document or a person did; `announced`: itself, on the network. */
  readonly found: 'hot-plug' | 'named' | 'announced'
  /** The type under which it announced itself: `_mcumgr._udp`. */
  readonly service?: string
  /** USB ids of the port, lower-case hex, where it has any. */
  readonly usb: SeenUsb | null
  /** SSH host keys that the signed site document names for the devices there, as `SHA256:...`. */
  readonly hostKeys?: readonly string[]
}

/** Watches one kind of place where devices appear. */
export interface LinkFinder {
  /** Calls `onSeen` for what is there and what comes, `onGone` for what leaves, until `signal` fires. */
  watch(onSeen: (port: SeenPort) => void, onGone: (address: string) => void, signal: AbortSignal): Promise<void>
}

/** Who the other end of a TLS connection must prove to be. */
export interface TlsTrust {
  /** The only certificates that end a chain; PEM. */
  readonly ca: string
  /** The name that its certificate must have, in the place of the address. */
  readonly name?: string | undefined
}

/** Who the console is to a device, and whom it takes for it. */
export interface SshAccess {
  /** The only host keys that are believed: `SHA256:` and base64 without padding, as `ssh-keygen -l` writes them. */
  readonly hostKeys: readonly string[]
  readonly login: SshLogin | null
}

export interface SshLogin {
  readonly username: string
  /** Of the account, or what opens the private key where there is one. */
  readonly password: string
  /** OpenSSH or PEM. */
  readonly privateKey?: string | undefined
}

/** What openers of some schemes need to know. */
export interface OpenOptions {
  /** Speed of a serial line. */
  readonly baud?: number
  /** For `https`; without it the system's own authorities count. */
  readonly tls?: TlsTrust
  /** For `ssh`. */
  readonly ssh?: SshAccess
}

/** Opens an address of its scheme. Throws `link.*`. */
export interface LinkOpener {
  readonly scheme: 'serial' | 'udp' | 'http' | 'https' | 'ssh' | 'usb' | 'sim'
  open(address: string, options: OpenOptions, signal: AbortSignal): Promise<Link>
}
