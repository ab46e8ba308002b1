/** The cookies of a jar in one JSON file. */
import { Cookie } from 'tough-cookie';
import FileCookieStore from 'tough-cookie-file-store';

export function open(folder) {
  const store = new FileCookieStore(`${folder}/cookies.json`, { async: false });
  return {
    set: (value) => store.putCookie(Cookie.parse(`value=${value}; Domain=example.com; Path=/`)),
    get: async () => {
      const cookie = await store.findCookie('example.com', '/', 'value');
      return cookie ? Number(cookie.value) : undefined;
    },
  };
}
