/** Ends a connection whose request is too large to be read, so that the answer arrives all the same. */
import type { Socket } from 'node:net';

/** How long what still comes is read and thrown away. */
const lingerMs = 2_000;

/** A socket that is closed with bytes unread is reset, and the other side may lose what it has not read yet. */
export function lingerOnClose(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => clearTimeout(timer));
  };
}
