package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"bihuan/kit/errs"
)

// BucketConfig says where an object store that speaks the S3 protocol is.
type BucketConfig struct {
	Endpoint string // "https://oss.example.cn": the address without the bucket
	Bucket   string
	Prefix   string // put before every name; may be empty
	Region   string // as the store wants it in signatures; "us-east-1" when it does not care
	Key      string
	Secret   string
	Spool    string           // folder for files on their way
	Client   *http.Client     // nil for one with a time limit
	Now      func() time.Time // the clock, for signatures
}

// Bucket is a Store in an object store. A file gets its name, its hash, with its
// last byte, so that an object is always whole.
type Bucket struct {
	config BucketConfig
	signer *v4.Signer
}

var _ Store = (*Bucket)(nil)

// plainPrefix has nothing that is written in two ways in an address, so that both
// sides sign the same.
var plainPrefix = regexp.MustCompile(`^[A-Za-z0-9._/-]*$`)

// ParseBucket reads "s3://bucket/prefix?endpoint=https://host&region=r".
func ParseBucket(address, key, secret string) (BucketConfig, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return BucketConfig{}, errs.New(errs.Invalid, "对象存储地址应写成 s3://桶名/前缀?endpoint=https://主机&region=区域")
	}
	c := BucketConfig{Endpoint: strings.TrimSuffix(u.Query().Get("endpoint"), "/"), Bucket: u.Host, Prefix: strings.Trim(u.Path, "/"), Region: u.Query().Get("region"), Key: key, Secret: secret}
	if c.Prefix != "" {
		c.Prefix += "/"
	}
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	end, err := url.Parse(c.Endpoint)
	switch {
	case !plainPrefix.MatchString(c.Prefix):
		return c, errs.New(errs.Invalid, "对象存储的前缀只能用字母、数字、点、斜线、下划线和连字符")
	case err != nil || end.Host == "" || end.Scheme != "https" && end.Scheme != "http":
		return c, errs.New(errs.Invalid, "对象存储地址缺少 endpoint=https://主机")
	case key == "" || secret == "":
		return c, errs.New(errs.Invalid, "请在环境变量 BIHUAN_S3_KEY 和 BIHUAN_S3_SECRET 中给出对象存储的密钥")
	}
	return c, nil
}

// OpenBucket makes the store and asks the object store whether the bucket is there.
func OpenBucket(ctx context.Context, c BucketConfig) (_ *Bucket, err error) {
	defer errs.Wrap(&err, "blob.OpenBucket(%s)", c.Bucket)
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 5 * time.Minute}
	}
	if err := os.MkdirAll(c.Spool, 0o700); err != nil {
		return nil, errs.New(errs.Unavailable, "无法使用目录 %s", c.Spool).Because(err)
	}
	b := &Bucket{config: c, signer: v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })}
	if _, err := b.list(ctx, ""); err != nil {
		return nil, err
	}
	return b, nil
}

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// do sends one signed request. The caller closes the body of an answer without error.
func (b *Bucket) do(ctx context.Context, method, name, query string, body io.Reader, size int64, hash string, header map[string]string) (*http.Response, error) {
	address := b.config.Endpoint + "/" + b.config.Bucket + "/" + name
	if query != "" {
		address += "?" + query
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	req.ContentLength = size
	req.Header.Set("X-Amz-Content-Sha256", hash)
	keys := aws.Credentials{AccessKeyID: b.config.Key, SecretAccessKey: b.config.Secret}
	if err := b.signer.SignHTTP(ctx, keys, req, hash, "s3", b.config.Region, b.config.Now()); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	resp, err := b.config.Client.Do(req)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "对象存储没有应答").Because(err)
	}
	if resp.StatusCode < http.StatusMultipleChoices {
		return resp, nil
	}
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 512))
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound && name != "" {
		return nil, notFound()
	}
	return nil, errs.New(errs.Unavailable, "对象存储拒绝了请求（%d）", resp.StatusCode).Because(fmt.Errorf("%s %s: %s", method, name, said))
}

func (b *Bucket) name(hash string) string { return b.config.Prefix + hash[:2] + "/" + hash }

// Put implements Store. The bytes are spooled to a file first: the name is their hash.
func (b *Bucket) Put(ctx context.Context, r io.Reader, limit int64) (_ Ref, err error) {
	defer errs.Wrap(&err, "blob.Put")
	temp, err := os.CreateTemp(b.config.Spool, "put-*")
	if err != nil {
		return Ref{}, errs.New(errs.Unavailable, "无法写入目录 %s", b.config.Spool).Because(err)
	}
	defer func() { _, _ = temp.Close(), os.Remove(temp.Name()) }()
	ref, err := receive(ctx, temp, r, limit)
	if err != nil {
		return Ref{}, err
	}
	if has, err := b.size(ctx, ref.Hash); err == nil && has == ref.Size {
		return ref, nil
	}
	if _, err := temp.Seek(0, io.SeekStart); err != nil {
		return Ref{}, err
	}
	// The client closes the body it is given, and the file is still needed to be removed.
	resp, err := b.do(ctx, http.MethodPut, b.name(ref.Hash), "", io.NopCloser(temp), ref.Size, ref.Hash, nil)
	if err != nil {
		return Ref{}, err
	}
	return ref, resp.Body.Close()
}

// size asks for the size of an object; NotFound when there is none.
func (b *Bucket) size(ctx context.Context, hash string) (int64, error) {
	resp, err := b.do(ctx, http.MethodHead, b.name(hash), "", nil, 0, emptyHash, nil)
	if err != nil {
		return 0, err
	}
	return resp.ContentLength, resp.Body.Close()
}

// Open implements Store. Nothing is fetched before the first Read.
func (b *Bucket) Open(hash string) (_ io.ReadSeekCloser, _ Ref, err error) {
	defer errs.Wrap(&err, "blob.Open")
	if !ValidHash(hash) {
		return nil, Ref{}, notFound()
	}
	n, err := b.size(context.Background(), hash)
	if err != nil {
		return nil, Ref{}, err
	}
	return &object{bucket: b, hash: hash, size: n}, Ref{hash, n}, nil
}

// Has implements Store.
func (b *Bucket) Has(hash string) (bool, error) {
	if !ValidHash(hash) {
		return false, nil
	}
	_, err := b.size(context.Background(), hash)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// listing is the part of a ListObjectsV2 answer that is used.
type listing struct {
	Contents []struct {
		Key  string
		Size int64
	}
	IsTruncated           bool
	NextContinuationToken string
}

func (b *Bucket) list(ctx context.Context, token string) (l listing, err error) {
	q := url.Values{"list-type": {"2"}, "prefix": {b.config.Prefix}}
	if token != "" {
		q.Set("continuation-token", token)
	}
	// Signatures want %20 where forms have +.
	resp, err := b.do(ctx, http.MethodGet, "", strings.ReplaceAll(q.Encode(), "+", "%20"), nil, 0, emptyHash, nil)
	if err != nil {
		return l, err
	}
	err = xml.NewDecoder(io.LimitReader(resp.Body, 16<<20)).Decode(&l)
	return l, errors.Join(err, resp.Body.Close())
}

// Walk implements Store.
func (b *Bucket) Walk(ctx context.Context, visit func(Ref) error) (err error) {
	defer errs.Wrap(&err, "blob.Walk")
	for token := ""; ; {
		l, err := b.list(ctx, token)
		if err != nil {
			return err
		}
		for _, o := range l.Contents {
			hash := o.Key[strings.LastIndexByte(o.Key, '/')+1:]
			if !ValidHash(hash) || o.Key != b.name(hash) {
				continue
			}
			if err := visit(Ref{hash, o.Size}); err != nil {
				return err
			}
		}
		if !l.IsTruncated || l.NextContinuationToken == "" {
			return nil
		}
		token = l.NextContinuationToken
	}
}

// object reads an object from wherever it stands, and checks the hash of one that
// is read from its first byte to its last.
type object struct {
	bucket *Bucket
	hash   string
	size   int64
	at     int64
	body   io.ReadCloser
}

// Read fetches from the place on at the first call after a Seek.
func (o *object) Read(p []byte) (int, error) {
	if o.at >= o.size {
		return 0, io.EOF
	}
	if o.body == nil {
		header := map[string]string{}
		if o.at > 0 {
			header["Range"] = fmt.Sprintf("bytes=%d-", o.at)
		}
		resp, err := o.bucket.do(context.Background(), http.MethodGet, o.bucket.name(o.hash), "", nil, 0, emptyHash, header) //nolint:bodyclose // Close and Seek close it
		if err != nil {
			return 0, err
		}
		o.body = resp.Body
		if o.at == 0 {
			o.body = &checked{ReadCloser: resp.Body, sum: sha256.New(), want: o.hash, left: o.size}
		}
	}
	n, err := o.body.Read(p)
	o.at += int64(n)
	if errors.Is(err, io.EOF) && o.at < o.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Seek moves the place; nothing is fetched.
func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	if offset != o.at {
		_ = o.Close()
		o.at = offset
	}
	return o.at, nil
}

// Close ends the fetching.
func (o *object) Close() error {
	if o.body == nil {
		return nil
	}
	err := o.body.Close()
	o.body = nil
	return err
}

// checked fails at the end of bytes that are not what their name says.
type checked struct {
	io.ReadCloser
	sum interface {
		io.Writer
		Sum(b []byte) []byte
	}
	want string
	left int64
}

// Read reads and hashes.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	_, _ = c.sum.Write(p[:n])
	if c.left -= int64(n); c.left <= 0 && hex.EncodeToString(c.sum.Sum(nil)) != c.want {
		return n, errs.New(errs.Unavailable, "附件内容与散列不符")
	}
	return n, err
}
