import { ApiProperty } from '@nestjs/swagger';
import { SCOPES, type Scope } from '../../../domain/authenticated-client.js';

/** The authenticated client and its scopes. */
export class WhoAmIResponse {
  @ApiProperty({
    description: 'Its name; null where nobody is asked who he is.',
    type: 'string',
    nullable: true,
    example: 'billing',
  })
  readonly client!: string | null;

  @ApiProperty({
    description: 'What it may do. `admin` holds the others, and they are named then too.',
    enum: SCOPES,
    isArray: true,
    example: ['submit', 'read'],
  })
  readonly scopes!: readonly Scope[];

  @ApiProperty({
    description: 'Whether anyone has to say who he is; otherwise everyone may do everything.',
    example: true,
  })
  readonly keys!: boolean;

  @ApiProperty({
    description: 'The lanes that a list may name, the default one first.',
    type: [String],
    example: ['default', 'crm'],
  })
  readonly lanes!: readonly string[];
}
