/** How tokens of an identity provider are checked. */
export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
}

/** Who may ask. With neither of the two everyone may ask everything. */
export interface AccessConfig {
  readonly keysFile: string | null;
  readonly jwt: JwtConfig | null;
}

/** Whether anyone has to say who he is. */
export function isAccessLimited({ keysFile, jwt }: AccessConfig): boolean {
  return keysFile !== null || jwt !== null;
}
