import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { accessQuery } from '../../api/access.js';
import { apiKey } from '../../api/client.js';
import { live } from '../../live/gate-live-store.js';
import { toMessage, ErrorMessage } from '../../ui/error-message.js';
import './login.css';

/** Asks for a key if the service requires one. */
export function LoginPage(): ReactElement {
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const login = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    apiKey.set(key.trim());
    try {
      const { needsKey } = await queries.query({ ...accessQuery(), staleTime: 0 });
      if (needsKey) {
        apiKey.forget();
        setProblem('The service does not know this key.');
        return;
      }
    } catch (error) {
      apiKey.forget();
      setProblem(toMessage(error));
      return;
    }
    live.start();
    await queries.invalidateQueries();
  };
  return (
    <section className="panel login">
      <h1>Log in</h1>
      <p className="muted">
        This gate wants a key. It is kept in this tab until you close it, and never stands in an address.
      </p>
      <form className="stack" onSubmit={(event) => void login(event)}>
        <label className="field">
          <span>API key</span>
          <input
            type="password"
            autoComplete="off"
            required
            value={key}
            onChange={(event) => {
              setKey(event.target.value);
              setProblem(null);
            }}
          />
        </label>
        {problem !== null && <ErrorMessage error={problem} />}
        <button type="submit" className="button primary">
          Log in
        </button>
      </form>
    </section>
  );
}
