using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Storage;

/// <summary>Keeps files under the SHA-256 of their content: what the <see cref="Schemas.BinaryField"/>s of records refer to.</summary>
/// <remarks>
/// A content lies at <c>ab/cd…</c>, the first two and the other 62 digits of its digest, and is there once however often it is added. It appears
/// under its name only when it is whole and on disk, so that a crash leaves nothing but a file in <c>incoming</c>. Safe for concurrent use, also
/// by several processes.
/// </remarks>
public sealed class ContentFolder
{
    private const string Incoming = "incoming";
    private const int BufferLength = 1 << 16;

    private readonly string _path;
    private readonly long _maxLength;

    /// <summary>Opens a folder, creating it when it is absent.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="maxLength">Greatest length of one content in bytes, from 1 on; 1 GiB unless told.</param>
    /// <exception cref="ArgumentException">The path is empty, or the length is out of range.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.StoreUnavailable"/>: the folder cannot be created.</exception>
    public ContentFolder(string path, long maxLength = 1L << 30)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        _path = System.IO.Path.GetFullPath(path);
        _maxLength = maxLength;
        Guard("create", () => Directory.CreateDirectory(System.IO.Path.Combine(_path, Incoming)));
    }

    /// <summary>Adds a content.</summary>
    /// <param name="content">Read to its end; not disposed.</param>
    /// <returns>Its digest, under which it is on disk when this returns.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.LimitExceeded"/>: it is too long, and nothing was kept; <see cref="DatanetError.StoreUnavailable"/>.
    /// </exception>
    public Sha256Digest Add(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string arrival = System.IO.Path.Combine(_path, Incoming, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        try
        {
            Sha256Digest digest = Guard("write", () => Receive(content, arrival));
            string place = PlaceOf(digest);
            Guard("write", () =>
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(place)!);
                if (!File.Exists(place))
                {
                    File.Move(arrival, place, overwrite: true); // another process may have been faster, with the same bytes
                }

                return true;
            });
            return digest;
        }
        finally
        {
            File.Delete(arrival); // not there any more when all went well
        }
    }

    /// <summary>Whether a content is there.</summary>
    /// <param name="digest">Its digest.</param>
    public bool Contains(Sha256Digest digest) => File.Exists(PlaceOf(digest));

    /// <summary>Opens a content after checking that its bytes are those of its digest.</summary>
    /// <param name="digest">Its digest.</param>
    /// <param name="content">A readable stream at its beginning, which the caller disposes; or <see langword="null"/>.</param>
    /// <returns><see langword="false"/> when it is not there.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.StoreCorrupt"/>: the file has other bytes; <see cref="DatanetError.StoreUnavailable"/>.
    /// </exception>
    public bool TryOpen(Sha256Digest digest, [NotNullWhen(true)] out Stream? content)
    {
        content = Guard("read", () =>
        {
            FileStream file;
            try
            {
                file = new FileStream(PlaceOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }

            try
            {
                Span<byte> found = stackalloc byte[Sha256Digest.Length];
                SHA256.HashData(file, found);
                if (new Sha256Digest(found) != digest)
                {
                    throw new DatanetException(
                        DatanetError.StoreCorrupt, $"The content {digest} in '{_path}' has other bytes than its name says; restore it from a copy.");
                }

                file.Position = 0;
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        });
        return content is not null;
    }

    /// <summary>Overwrites and removes a content, for example because the record that refers to it was erased.</summary>
    /// <param name="digest">Its digest.</param>
    /// <returns><see langword="false"/> when it was not there.</returns>
    /// <remarks>Whether the bytes are gone from the device is up to the file system; other records that refer to the content lose it too.</remarks>
    /// <exception cref="DatanetException"><see cref="DatanetError.StoreUnavailable"/>.</exception>
    public bool Remove(Sha256Digest digest) => Guard("remove", () =>
    {
        string place = PlaceOf(digest);
        if (!File.Exists(place))
        {
            return false;
        }

        using (FileStream file = new(place, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            byte[] zeros = new byte[BufferLength];
            for (long left = file.Length; left > 0; left -= zeros.Length)
            {
                file.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
            }

            file.Flush(flushToDisk: true);
        }

        File.Delete(place);
        return true;
    });

    private Sha256Digest Receive(Stream content, string arrival)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using FileStream file = new(arrival, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            long length = 0;
            while (content.Read(buffer, 0, buffer.Length) is int count and > 0)
            {
                length += count;
                if (length > _maxLength)
                {
                    throw new DatanetException(DatanetError.LimitExceeded, $"The content has more than {_maxLength} bytes, the most that '{_path}' takes.");
                }

                hash.AppendData(buffer, 0, count);
                file.Write(buffer, 0, count);
            }

            file.Flush(flushToDisk: true);
            return new Sha256Digest(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string PlaceOf(Sha256Digest digest)
    {
        string name = digest.ToString();
        return System.IO.Path.Combine(_path, name[..2], name[2..]);
    }

    private T Guard<T>(string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatanetException(DatanetError.StoreUnavailable, $"Cannot {what} in '{_path}': {exception.Message}", exception);
        }
    }
}
