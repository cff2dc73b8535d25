/**
 * What a person wrote on this device, kept in IndexedDB so that it survives a reload and a dead battery. The server keeps its own
 * copy but does not send it back. One record per message; `order` (given by the database) is the order of writing:
 * {order, id, slot, at, after, text, tap, place, files: [{name, type, size, blob?, thumb?, width?, height?}], state, error}
 */

const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function openDatabase() {
  const request = indexedDB.open("chasqui", 1);
  request.onupgradeneeded = () => {
    const messages = request.result.createObjectStore("messages", { keyPath: "order", autoIncrement: true });
    messages.createIndex("slot", "slot");
    request.result.createObjectStore("installs");
  };
  return promised(request);
}

/** Resolves when the transaction is on disk, with the value of `work`. */
function inTransaction(database, name, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

function onDisk(database) {
  return {
    all: (slot) => inTransaction(database, "messages", "readonly", (store) => store.index("slot").getAll(slot)),
    put: (record) => inTransaction(database, "messages", "readwrite", (store) => store.put(record)),
    remove: (order) => inTransaction(database, "messages", "readwrite", (store) => store.delete(order)),
    install: (slot) => inTransaction(database, "installs", "readonly", (store) => store.get(slot)),
    setInstall: (slot, value) => inTransaction(database, "installs", "readwrite", (store) => store.put(value, slot)),
  };
}

/** For browsers that forbid storage (some private windows): the page works, but a reload forgets. */
function inMemory() {
  const records = new Map();
  const installs = new Map();
  let last = 0;
  return {
    all: async (slot) => [...records.values()].filter((record) => record.slot === slot),
    put: async (record) => {
      const order = record.order ?? ++last;
      records.set(order, { ...record, order });
    },
    remove: async (order) => records.delete(order),
    install: async (slot) => installs.get(slot),
    setInstall: async (slot, value) => installs.set(slot, value),
  };
}

let opened = null;

/** The store of this page, opened once: {all, put, remove, install, setInstall}, all returning promises. */
export function openStore() {
  opened ??= openDatabase().then(onDisk, inMemory);
  return opened;
}
