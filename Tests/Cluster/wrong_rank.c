// A rank that does wrong, for tests: preloaded, it spoils what one rank sends by MPI_Isend.
//
//     cc -shared -fPIC -O2 -Wall -Werror $(pkg-config --cflags ompi-c) wrong_rank.c -o wrong_rank.so
//     export WRONG_RANK=2 WRONG_RANK_DOES=flip
//     mpirun -x LD_PRELOAD=$PWD/wrong_rank.so ... mpiswarm stage ...
//
// mpirun on one machine passes its whole environment on; to other nodes it needs -x NAME for each.
//
//     WRONG_RANK        the rank that does wrong (default: none)
//     WRONG_RANK_DOES   what it does, with commas between (default: nothing)
//         flip     payloads have a wrong byte
//         piece    payloads are the one before of the same length
//         have     bitfields have every bit set, `have`s name piece 0 to n-1
//         silent   requests are never answered
//         flood    messages are sent WRONG_RANK_TIMES times
//         pair     messages and the one before are sent in turn, WRONG_RANK_TIMES times each
//         alive    WRONG_RANK_TIMES proofs of life follow each message to a tracker
//                  (WRONG_RANK_TAGS=1)
//         head     messages have random heads and tails of the right length
//         kind     messages have kinds that there are not
//         length   messages have heads that promise another length
//         short    messages are cut in the middle
//         stray    messages go also to the other tags, where they have no meaning
//         long     payloads are WRONG_RANK_EXTRA bytes longer than promised
//         huge     messages are longer than any message may be
//     WRONG_RANK_EVERY  one message or payload in this many is spoilt (default: 1)
//     WRONG_RANK_FROM   the first that is spoilt, counted from 1 (default: 1)
//     WRONG_RANK_TAGS   tags of the messages that are spoilt: 1 to trackers, 2 to download threads,
//                       3 to upload threads, 4 between trackers (default: 23; payloads are spoilt
//                       whatever this says)
//     WRONG_RANK_TIMES  default 1000
//     WRONG_RANK_EXTRA  default 1048576
#include <mpi.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_SIZE = 40, MESSAGE_MAX = HEAD_SIZE + (64 << 10), PAYLOAD_TAG = 16, TRACKER_TAG = 1 };
enum { ALIVE = 4, BITFIELD = 41, HAVE = 42, ACK = 46, NACK = 47 };

// What is sent beside what the program sends: the bytes live until they have left.
struct extra {
    MPI_Request request;
    void *bytes;
    struct extra *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct extra *extras;
static const char *deeds = "";
static const char *tags = "23";
static long every = 1, from = 1, times = 1000, extra_size = 1 << 20;
static long number;
static uint64_t chance = 0x9E3779B97F4A7C15u;
static unsigned char *last_payload;
static int last_size;

static const char *setting(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

__attribute__((constructor)) static void begin(void) {
    const char *rank = setting("OMPI_COMM_WORLD_RANK", setting("PMIX_RANK", ""));
    const char *wrong = setting("WRONG_RANK", "");
    if (*rank && strcmp(rank, wrong) == 0) deeds = setting("WRONG_RANK_DOES", "");
    tags = setting("WRONG_RANK_TAGS", tags);
    every = atol(setting("WRONG_RANK_EVERY", "1"));
    from = atol(setting("WRONG_RANK_FROM", "1"));
    times = atol(setting("WRONG_RANK_TIMES", "1000"));
    extra_size = atol(setting("WRONG_RANK_EXTRA", "1048576"));
    if (every < 1) every = 1;
}

static int does(const char *deed) {
    size_t length = strlen(deed);
    for (const char *at = deeds; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, deed, length) == 0 && (at[length] == ',' || !at[length])) return 1;
    }
    return 0;
}

static int touches_payloads(void) { return does("flip") || does("piece") || does("long"); }

static int touches_messages(void) {
    static const char *const messages[] = {
        "have", "silent", "flood", "pair",   "alive", "head",
        "kind", "length", "short", "stray", "huge",
    };
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        if (does(messages[i])) return 1;
    }
    return 0;
}

static uint64_t random_bits(void) {
    chance ^= chance << 13;
    chance ^= chance >> 7;
    return chance ^= chance << 17;
}

static uint32_t field(const unsigned char *bytes, int at) {
    uint32_t value;
    memcpy(&value, bytes + at, sizeof value);
    return value;
}

static void set_field(unsigned char *bytes, int at, uint32_t value) {
    memcpy(bytes + at, &value, sizeof value);
}

static void collect(void) {
    struct extra **place = &extras;
    for (int looks = 0; *place && looks < 64; looks++) {
        int is_done = 0;
        struct extra *one = *place;
        PMPI_Test(&one->request, &is_done, MPI_STATUS_IGNORE);
        if (is_done) {
            *place = one->next;
            free(one->bytes);
            free(one);
        } else {
            place = &one->next;
        }
    }
}

// Sends these bytes, which are ours, beside what the program sends.
static void send_extra(void *bytes, int size, int to, int tag, MPI_Comm world) {
    struct extra *one = malloc(sizeof *one);
    if (!one) abort();
    one->bytes = bytes;
    PMPI_Isend(bytes, size, MPI_BYTE, to, tag, world, &one->request);
    one->next = extras;
    extras = one;
}

static void *copied(const void *bytes, int size, int room) {
    unsigned char *copy = calloc(1, room > size ? room : size);
    if (!copy) abort();
    if (size > 0) memcpy(copy, bytes, size);
    return copy;
}

// The program's own request is one that completes: it gets its buffer back when it has left.
static int send_instead(
    void *bytes, int size, int to, int tag, MPI_Comm world, MPI_Request *request) {
    send_extra(bytes, size, to, tag, world);
    return PMPI_Isend(NULL, 0, MPI_BYTE, MPI_PROC_NULL, tag, world, request);
}

static int spoil_payload(
    const void *bytes, int size, int to, int tag, MPI_Comm world, MPI_Request *request) {
    unsigned char *copy = copied(bytes, size, size + (does("long") ? (int)extra_size : 0));
    int sent = size;
    if (does("flip") && size > 0) copy[random_bits() % size] ^= 1 + random_bits() % 255;
    if (does("piece")) {
        unsigned char *kept = copied(bytes, size, size);
        if (last_payload && last_size == size) memcpy(copy, last_payload, size);
        free(last_payload);
        last_payload = kept;
        last_size = size;
    }
    if (does("long")) {
        memset(copy + size, 0xA5, extra_size);
        sent = size + (int)extra_size;
    }
    return send_instead(copy, sent, to, tag, world, request);
}

static void claim_everything(unsigned char *bytes, int size) {
    int room = size - HEAD_SIZE;
    if (bytes[0] == BITFIELD) {
        uint32_t bits = field(bytes, 28);
        for (uint32_t bit = 0; bit < bits && (int)(bit / 8) < room; bit++) {
            bytes[HEAD_SIZE + bit / 8] |= 1 << (bit % 8);
        }
    } else if (bytes[0] == HAVE) {
        uint32_t count = field(bytes, 24);
        for (uint32_t i = 0; i < count && (int)(4 * i + 4) <= room; i++) {
            set_field(bytes, HEAD_SIZE + 4 * i, i);
        }
    }
}

// Both are messages to the same reader.
static void send_in_turn(const void *bytes, int size, int to, int tag, MPI_Comm world) {
    static unsigned char *before[5];
    static int size_before[5];
    for (long i = 1; i < times && before[tag]; i++) {
        void *again = copied(before[tag], size_before[tag], size_before[tag]);
        send_extra(again, size_before[tag], to, tag, world);
        send_extra(copied(bytes, size, size), size, to, tag, world);
    }
    free(before[tag]);
    before[tag] = copied(bytes, size, size);
    size_before[tag] = size;
}

static int spoil_message(
    const void *bytes, int size, int to, int tag, MPI_Comm world, MPI_Request *request) {
    unsigned char *copy = copied(bytes, size, does("huge") ? MESSAGE_MAX + (int)extra_size : size);
    int sent = size;
    if (does("silent") && (copy[0] == ACK || copy[0] == NACK)) {
        free(copy);
        return PMPI_Isend(NULL, 0, MPI_BYTE, MPI_PROC_NULL, tag, world, request);
    }
    if (does("have")) claim_everything(copy, size);
    if (does("head")) {
        for (int i = 0; i < size; i++) copy[i] = random_bits();
    }
    if (does("kind")) copy[0] = 160 + random_bits() % 96;
    if (does("length")) set_field(copy, 4, random_bits() % 2 ? 0xFFFFFFFFu : field(copy, 4) + 8);
    if (does("short")) sent = random_bits() % (size + 1);
    if (does("huge")) sent = MESSAGE_MAX + (int)extra_size;
    if (does("stray")) {
        for (int other = 1; other <= 4; other++) {
            if (other != tag) send_extra(copied(copy, size, size), size, to, other, world);
        }
    }
    if (does("flood")) {
        for (long i = 1; i < times; i++) {
            send_extra(copied(copy, size, size), size, to, tag, world);
        }
    }
    if (does("alive") && tag == TRACKER_TAG) {
        for (long i = 0; i < times; i++) {
            unsigned char *alive = copied(copy, 2, HEAD_SIZE);
            alive[0] = ALIVE;
            send_extra(alive, HEAD_SIZE, to, tag, world);
        }
    }
    if (does("pair")) send_in_turn(copy, size, to, tag, world);
    return send_instead(copy, sent, to, tag, world, request);
}

int MPI_Isend(
    const void *bytes, int count, MPI_Datatype type, int to, int tag, MPI_Comm world,
    MPI_Request *request) {
    int is_payload = tag >= PAYLOAD_TAG;
    int is_meant = *deeds && (is_payload || (count >= HEAD_SIZE && strchr(tags, '0' + tag)));
    if (is_meant) is_meant = is_payload ? touches_payloads() : touches_messages();
    if (!is_meant) return PMPI_Isend(bytes, count, type, to, tag, world, request);
    pthread_mutex_lock(&lock);
    collect();
    number++;
    int code;
    if (number < from || (number - from) % every != 0) {
        code = PMPI_Isend(bytes, count, type, to, tag, world, request);
    } else if (is_payload) {
        code = spoil_payload(bytes, count, to, tag, world, request);
    } else {
        code = spoil_message(bytes, count, to, tag, world, request);
    }
    pthread_mutex_unlock(&lock);
    return code;
}
