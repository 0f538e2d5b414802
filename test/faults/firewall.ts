import { execFileSync, spawnSync } from 'node:child_process';

/** Tells whether packets can be dropped here. */
export function canDropPackets(): boolean {
  return spawnSync('iptables', ['--wait', '--list', 'INPUT']).status === 0;
}

/** Drops every packet to and from an address of the loopback device: nothing is refused, so both ends wait. */
export function dropPackets(address: string): void {
  change('--append', address);
}

export function letPacketsThrough(address: string): void {
  change('--delete', address);
}

function change(how: '--append' | '--delete', address: string): void {
  for (const direction of ['--source', '--destination']) {
    execFileSync('iptables', ['--wait', how, 'INPUT', direction, address, '--jump', 'DROP']);
  }
}
