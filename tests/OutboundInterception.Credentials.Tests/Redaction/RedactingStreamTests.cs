using System.Text;

namespace OutboundInterception.Credentials.Tests;

internal sealed class RedactingStreamTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public async Task Read_RandomBodyInRandomPieces_IsAsRedactedInOnePiece(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            // Of three letters, so that beginnings of secrets are everywhere.
            string[] secrets = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Text(random, random.Next(8, 20)))];
            StringBuilder body = new();
            while (body.Length < 500)
            {
                body.Append(random.Next(3) == 0 ? secrets[random.Next(secrets.Length)] : Text(random, random.Next(1, 12)));
            }

            string read = await ReadAsync(body.ToString(), secrets, random);

            Assert.That(read, Has.Length.EqualTo(body.Length), $"seed {seed}, round {round}");
            foreach (string secret in secrets)
            {
                Assert.That(read, Does.Not.Contain(secret), $"seed {seed}, round {round}");
            }

            for (int index = 0; index < read.Length; index++)
            {
                Assert.That(read[index], Is.EqualTo('*').Or.EqualTo(body[index]));
            }
        }
    }

    [Test]
    public async Task Read_NoSecretInIt_IsUnchanged([Values(1, 7, 4096)] int piece)
    {
        string body = string.Concat(Enumerable.Range(0, 5000).Select(number => $"{number} secret-1234 "));

        Assert.That(await ReadAsync(body, ["secret-12345678"], new Random(piece), piece), Is.EqualTo(body));
    }

    [Test]
    public async Task Read_SecretIsTheBeginningOfAnother_TheWholeOfTheLongerIsHidden()
    {
        string body = "a abcdefgh b abcdefghIJKLMNOP c abcdefghIJ";
        string[] secrets = ["abcdefgh", "abcdefghIJKLMNOP"];

        Assert.That(await ReadAsync(body, secrets, new Random(1), 100), Is.EqualTo("a ******** b **************** c ********IJ"));
        foreach (int piece in new[] { 1, 3, 8, 9, 16, 20 })
        {
            // Where a piece ends in it, up to three characters have been given out.
            Assert.That(await ReadAsync(body, secrets, new Random(1), piece), Does.Match(@"^a [abc*]{3}\*{5} b [abc*]{3}\*{13} c [abc*]{3}\*{5}IJ$"));
        }
    }

    [Test]
    public async Task Read_MessageEndsLikeASecretBegins_IsGivenOutAtOnceAndTheRestHidden()
    {
        Queue<string> pieces = new(["message ab", "c", "", "cdefgh ok"]);
        await using RedactingStream stream = new(new Pieces(pieces, 100), new SecretPatterns(["abcdefgh"]), static () => { });
        byte[] buffer = new byte[100];

        string first = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
        string second = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));

        Assert.That((first, second), Is.EqualTo(("message ab", "c")));

        await using RedactingStream completed = new(new Pieces(new(["message abc", "defgh ok"]), 100), new SecretPatterns(["abcdefgh"]), static () => { });
        using StreamReader reader = new(completed);
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("message abc***** ok"));
    }

    [Test]
    public void Read_Synchronously_HidesIt()
    {
        bool ended = false;
        using RedactingStream stream = new(new Pieces(new(["xx abcd", "efgh yy"]), 100), new SecretPatterns(["abcdefgh"]), () => ended = true);
        using StreamReader reader = new(stream);

        Assert.That(reader.ReadToEnd(), Is.EqualTo("xx ******** yy"));
        Assert.That(ended, Is.True);
    }

    private static string Text(Random random, int length) => string.Create(length, random, static (text, random) =>
    {
        for (int index = 0; index < text.Length; index++)
        {
            text[index] = "abc"[random.Next(3)];
        }
    });

    private static async Task<string> ReadAsync(string body, string[] secrets, Random random, int piece = 0)
    {
        Queue<string> pieces = new();
        for (int start = 0; start < body.Length;)
        {
            int length = int.Min(body.Length - start, piece > 0 ? piece : random.Next(1, 30));
            pieces.Enqueue(body.Substring(start, length));
            start += length;
        }

        await using RedactingStream stream = new(new Pieces(pieces, 30), new SecretPatterns(secrets), static () => { });
        MemoryStream read = new();
        byte[] buffer = new byte[random.Next(1, 40)];
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            read.Write(buffer, 0, count);
        }

        return Encoding.ASCII.GetString(read.ToArray());
    }

    private sealed class Pieces(Queue<string> pieces, int most) : MemoryStream
    {
        public override int Read(Span<byte> buffer)
        {
            if (!pieces.TryDequeue(out string? piece))
            {
                return 0;
            }

            Assert.That(buffer.Length, Is.GreaterThanOrEqualTo(int.Min(most, piece.Length)));
            return Encoding.ASCII.GetBytes(piece, buffer);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
